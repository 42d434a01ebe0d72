import type { z } from "zod";
import { iso } from "../platform/clock.ts";
import type { Document, Passage, pipelineRun } from "./contract.ts";
import type { LatestRun, RunRow, StepRow } from "./ingestion/run-queries.ts";
import type { DocumentRow } from "./queries.ts";
import type { FoundPassage } from "./search-knowledge.ts";

/** The file that is to take the document's place, while it is read, or because it could not be. */
function updateOf({ status, version, error }: LatestRun): Document["update"] {
  if (!version || status === "succeeded") return null;
  return { filename: version.filename, status: status === "running" ? "processing" : "failed", error };
}

/** What of a document's file was not read. */
export const leftOutOf = ({ leftOut }: Pick<DocumentRow, "leftOut">): Document["left_out"] =>
  leftOut ?? { count: 0, notes: [] };

export function presentDocument(row: DocumentRow, run: LatestRun | null): Document {
  return {
    id: row.id,
    clone_id: row.cloneId,
    filename: row.filename,
    source_url: row.sourceUrl,
    media_type: row.mediaType,
    type: row.kind,
    bytes: row.bytes,
    status: row.status,
    stage: row.stage,
    progress: row.progress,
    pages: row.pages,
    title: row.title,
    author: row.author,
    date: row.date,
    language: row.language,
    left_out: leftOutOf(row),
    chunk_count: row.chunkCount,
    error: row.errorCode && row.errorMessage ? { code: row.errorCode, message: row.errorMessage } : null,
    access: row.access,
    tags: row.tags,
    update: run ? updateOf(run) : null,
    run_id: run?.id ?? null,
    created_at: iso(row.createdAt),
    indexed_at: row.indexedAt === null ? null : iso(row.indexedAt),
  };
}

export function presentPassage(found: FoundPassage): Passage {
  const { documentId, ...rest } = found;
  return { document_id: documentId, ...rest };
}

export function presentRun({ run, steps }: { run: RunRow; steps: StepRow[] }): z.output<typeof pipelineRun> {
  return {
    id: run.id,
    document_id: run.documentId,
    status: run.status,
    created_at: iso(run.createdAt),
    finished_at: run.finishedAt === null ? null : iso(run.finishedAt),
    steps: steps.map((step) => ({
      step: step.step,
      status: step.status,
      attempts: step.attempts,
      duration_ms: step.durationMs,
      output: step.output,
      error: step.error,
    })),
  };
}
