import { and, eq, inArray, isNull, lt, ne, or, sql } from "drizzle-orm";
import type { Database } from "../../db/client.ts";
import { type DocumentVersion, documents, pipelineRuns, pipelineSteps } from "../../db/schema/knowledge.ts";
import type { DocumentRow } from "../queries.ts";
import type { Step } from "./run-queries.ts";

/** A step that somebody has taken: `attempt` tells their writes from those of whoever takes it after their lease has ended. */
export interface TakenStep {
  documentId: string;
  runId: string;
  step: Step;
  attempt: number;
}

/** Matches a step as long as it is the taker's. */
const held = ({ runId, step, attempt }: TakenStep) =>
  and(
    eq(pipelineSteps.runId, runId),
    eq(pipelineSteps.step, step),
    eq(pipelineSteps.attempts, attempt),
    eq(pipelineSteps.status, "running"),
  );

/** Takes a step for `leaseMs` and returns the attempt; null where it is done or somebody else has it: of several takers one gets it. */
export async function takeStep(
  db: Database,
  at: { runId: string; step: Step },
  now: number,
  leaseMs: number,
): Promise<number | null> {
  const rows = await db
    .update(pipelineSteps)
    .set({
      status: "running",
      leaseUntil: now + leaseMs,
      startedAt: now,
      error: null,
      attempts: sql`${pipelineSteps.attempts} + 1`,
    })
    .where(
      and(
        eq(pipelineSteps.runId, at.runId),
        eq(pipelineSteps.step, at.step),
        inArray(pipelineSteps.status, ["waiting", "running"]),
        or(isNull(pipelineSteps.leaseUntil), lt(pipelineSteps.leaseUntil, now)),
      ),
    )
    .returning({ attempts: pipelineSteps.attempts });
  return rows[0]?.attempts ?? null;
}

/** Shows how far a document is, and keeps the step's lease. */
export async function reportProgress(
  db: Database,
  at: TakenStep,
  progress: number,
  now: number,
  leaseMs: number,
): Promise<void> {
  await db.batch([
    db
      .update(documents)
      .set({ status: "processing", stage: at.step, progress, updatedAt: now })
      .where(and(eq(documents.id, at.documentId), inArray(documents.status, ["queued", "processing"]))),
    db
      .update(pipelineSteps)
      .set({ leaseUntil: now + leaseMs })
      .where(held(at)),
  ]);
}

/** What a step made, and how long it took. */
interface StepResult {
  output: Record<string, number>;
  startedAt: number;
}

const finished = (db: Database, at: TakenStep, { output, startedAt }: StepResult, now: number) =>
  db
    .update(pipelineSteps)
    .set({ status: "succeeded", output, leaseUntil: null, finishedAt: now, durationMs: now - startedAt })
    .where(held(at));

/** Records what a step made. False where it is not the taker's any more: deleted, or taken over. */
export async function finishStep(db: Database, at: TakenStep, result: StepResult, now: number): Promise<boolean> {
  const rows = await finished(db, at, result, now).returning({ step: pipelineSteps.step });
  return rows.length > 0;
}

/**
 * Lets a step go after a failure that may pass, so that the next delivery takes it at once. Returns how often what was at work on it
 * has ended, this time included where `isDeath`.
 */
export async function releaseStep(
  db: Database,
  at: TakenStep,
  { error, isDeath }: { error: string; isDeath: boolean },
): Promise<number> {
  const rows = await db
    .update(pipelineSteps)
    .set({
      status: "waiting",
      leaseUntil: null,
      error,
      ...(isDeath && { deaths: sql`${pipelineSteps.deaths} + 1` }),
    })
    .where(held(at))
    .returning({ deaths: pipelineSteps.deaths });
  return rows[0]?.deaths ?? 0;
}

/**
 * Ends a run with its last step, and marks its document as searchable, with the facts that the pipeline found, and with the file that was
 * read: nobody sees one of these without the others. False where it was deleted meanwhile, or where a newer run took the place of this one.
 */
export async function completeDocument(
  db: Database,
  at: TakenStep,
  result: StepResult,
  facts: Pick<DocumentRow, "chunkCount" | "embedder" | "chunking"> & Partial<DocumentVersion>,
  now: number,
): Promise<boolean> {
  const done = {
    status: "indexed" as const,
    stage: null,
    progress: 1,
    errorCode: null,
    errorMessage: null,
    indexedAt: now,
    updatedAt: now,
  };
  const [rows] = await db.batch([
    db
      .update(documents)
      .set({ ...done, ...facts })
      .where(
        and(
          eq(documents.id, at.documentId),
          sql`EXISTS (SELECT 1 FROM ${pipelineRuns} WHERE ${pipelineRuns.id} = ${at.runId} AND ${pipelineRuns.status} = 'running')`,
        ),
      )
      .returning({ id: documents.id }),
    finished(db, at, result, now),
    db
      .update(pipelineRuns)
      .set({ status: "succeeded", finishedAt: now })
      .where(and(eq(pipelineRuns.id, at.runId), eq(pipelineRuns.status, "running"))),
  ]);
  return rows.length > 0;
}

/** Marks a run, the step under way and an unfinished document as failed, with a sentence for the owner. */
export async function failDocument(
  db: Database,
  at: { documentId: string; runId: string },
  failure: { code: string; message: string },
  now: number,
): Promise<void> {
  await db.batch([
    db
      .update(documents)
      .set({ status: "failed", errorCode: failure.code, errorMessage: failure.message, updatedAt: now })
      .where(
        and(
          eq(documents.id, at.documentId),
          ne(documents.status, "indexed"),
          sql`EXISTS (SELECT 1 FROM ${pipelineRuns} WHERE ${pipelineRuns.id} = ${at.runId} AND ${pipelineRuns.status} = 'running')`,
        ),
      ),
    db
      .update(pipelineRuns)
      .set({ status: "failed", finishedAt: now, error: failure.message })
      .where(and(eq(pipelineRuns.id, at.runId), eq(pipelineRuns.status, "running"))),
    db
      .update(pipelineSteps)
      .set({ status: "failed", error: failure.message, leaseUntil: null, finishedAt: now })
      .where(
        and(
          eq(pipelineSteps.runId, at.runId),
          or(eq(pipelineSteps.status, "running"), sql`${pipelineSteps.error} IS NOT NULL`),
        ),
      ),
  ]);
}
