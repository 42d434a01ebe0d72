import { cloneChanged } from "../../clones/clone-changes.ts";
import { isProblem } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { inTrace } from "../../platform/tracing/export-spans.ts";
import { own } from "../../platform/tracing/gen-ai-names.ts";
import { inSpan } from "../../platform/tracing/in-span.ts";
import { ReaderDied, ReaderRefused } from "../../reading/ask-reader.ts";
import type { Context } from "../../workspaces/context.ts";
import { stages } from "../contract.ts";
import { listRunsWithFiles, removeFilesOfRun, removeOtherVersions, removeVersion } from "../document-files.ts";
import { forgetDocument } from "../forget-document.ts";
import { type DocumentRow, type DocumentVersion, findAnyDocument } from "../queries.ts";
import { enqueue } from "./ingest-message.ts";
import { insertRefreshRun } from "./new-run-queries.ts";
import { runStep, stepSpan } from "./pipeline-steps.ts";
import { findAnyRun, listRunning, listSteps, type Step } from "./run-queries.ts";
import {
  completeDocument,
  failDocument,
  finishStep,
  releaseStep,
  reportProgress,
  type TakenStep,
  takeStep,
} from "./step-queries.ts";
import type { Carried, Work } from "./step-work.ts";

/** How long a step may go without a sign of life before somebody else may take it, in ms. */
const stepLeaseMs = 60_000;
/** The least time between two reports of progress, in ms. */
const reportEveryMs = 400;

/** After so many ends of what was at work on a step, the document is taken to be the reason. */
const mostDeaths = 3;

const tooMuchToRead = () =>
  new ReaderRefused(
    "too_costly",
    "Reading this document took more time or memory than one document may, at each of several tries. Split it into smaller files, or save it anew in another format, and upload that.",
  );

/** A message of the queue: one document's run; the rest is what is needed to clear away after a document that is gone. */
export interface Delivered {
  documentId: string;
  runId: string;
  cloneId: string;
  storageKey: string;
}

/** A delivered run, with the file that takes the place of the document's own. */
interface Job extends Delivered {
  version: DocumentVersion | null;
}

/** What became of one delivery: `later` asks for another after a failure that may pass. */
export type Processed = { status: "done" } | { status: "later"; error: unknown };
const done: Processed = { status: "done" };

function workOn(ctx: Context, document: DocumentRow, carried: Carried, taken: TakenStep): Work {
  const [from, to] = stepSpan[taken.step];
  let reportedAt = ctx.clock.now();
  return {
    document,
    runId: taken.runId,
    attempt: taken.attempt,
    carried,
    async progress(share) {
      const now = ctx.clock.now();
      if (now - reportedAt < reportEveryMs) return;
      reportedAt = now;
      await reportProgress(ctx.db, taken, from + (to - from) * share, now, stepLeaseMs);
    },
  };
}

/** Removes what runs of a document needed on their way. One that still goes keeps it: it may have begun while another ended. */
async function removeIntermediate(ctx: Context, { id, storageKey }: DocumentRow): Promise<void> {
  const bucket = ctx.env.UPLOADS;
  // In this order: a run that has files by now is known by now.
  const runs = await listRunsWithFiles(bucket, storageKey);
  const running = await listRunning(ctx.db, id);
  await Promise.all(
    runs.filter((each) => !running.includes(each)).map((each) => removeFilesOfRun(bucket, storageKey, each)),
  );
}

/** Makes a document searchable whose passages are in the index, which is the end of its run; false where it is gone. */
async function complete(
  ctx: Context,
  document: DocumentRow,
  job: Job,
  carried: Carried,
  taken: TakenStep,
  result: Parameters<typeof finishStep>[2],
): Promise<boolean> {
  const facts = {
    chunkCount: carried.cut?.chunks ?? 0,
    embedder: carried.embedderId ?? "",
    chunking: carried.cut?.chunking ?? "",
    ...job.version,
  };
  if (!(await completeDocument(ctx.db, taken, result, facts, ctx.clock.now()))) return false;
  await cloneChanged(ctx, document.cloneId);
  await removeIntermediate(ctx, document);
  if (job.version) await removeOtherVersions(ctx.env.UPLOADS, document.storageKey);
  return true;
}

/** Ends a run that cannot succeed. A file that was to take the place of another goes, and the other is what it was. */
export async function failRun(
  ctx: Context,
  { version, ...job }: Job,
  failure: { code: string; message: string },
): Promise<void> {
  await failDocument(ctx.db, job, failure, ctx.clock.now());
  if (!version) return;
  await removeVersion(ctx.env.UPLOADS, version.storageKey);
  const [document, steps] = await Promise.all([findAnyDocument(ctx.db, job.documentId), listSteps(ctx.db, job.runId)]);
  const isNoted = steps.some(({ step, attempts }) => step === "metadata" && attempts > 0);
  if (document?.status !== "indexed" || !isNoted) return;
  // What is known of it, and perhaps its passages, are those of the other file by now: the document's own are put back.
  const runId = newId("run");
  await insertRefreshRun(ctx.db, document, runId, ctx.clock.now());
  await enqueue(ctx.env, document, runId);
}

/** Takes one step. True where the next may follow in the same delivery. */
async function passStep(ctx: Context, document: DocumentRow, job: Job, carried: Carried, step: Step): Promise<boolean> {
  const { db, clock } = ctx;
  const startedAt = clock.now();
  const attempt = await takeStep(db, { runId: job.runId, step }, startedAt, stepLeaseMs);
  if (attempt === null) return false;
  const taken: TakenStep = { documentId: job.documentId, runId: job.runId, step, attempt };
  try {
    await reportProgress(db, taken, stepSpan[step][0], startedAt, stepLeaseMs);
    const output = await inSpan(ctx, step, {}, (inner) =>
      runStep[step](inner, workOn(inner, document, carried, taken)),
    );
    const result = { output, startedAt };
    const isKept =
      step === "storage"
        ? await complete(ctx, document, job, carried, taken, result)
        : await finishStep(db, taken, result, clock.now());
    if (isKept) return true;
    // Deleted while it was read: what this run has made goes the same way. Otherwise somebody took over from here.
    if (!(await findAnyDocument(db, job.documentId))) await forgetDocument(ctx.env, job);
    return false;
  } catch (error) {
    if (error instanceof ReaderRefused) throw error;
    const message = isProblem(error) ? error.message : "The step failed and is tried again.";
    const isDeath = error instanceof ReaderDied;
    const deaths = await releaseStep(db, taken, { error: message, isDeath });
    throw isDeath && deaths >= mostDeaths ? tooMuchToRead() : error;
  }
}

/**
 * Takes a document through the steps that its run still lacks. The steps follow each other in one delivery, so that a small file
 * is searchable at once, but each is leased and recorded for itself: a redelivery goes on at the step that was cut off, and a
 * duplicate finds it taken and leaves.
 */
export const processDocument = (ctx: Context, delivered: Delivered): Promise<Processed> =>
  inTrace(ctx, "ingestion", { [own.documentId]: delivered.documentId, [own.runId]: delivered.runId }, (inner) =>
    takeSteps(inner, delivered),
  );

async function takeSteps(ctx: Context, delivered: Delivered): Promise<Processed> {
  const [stored, run, steps] = await Promise.all([
    findAnyDocument(ctx.db, delivered.documentId),
    findAnyRun(ctx.db, delivered.runId),
    listSteps(ctx.db, delivered.runId),
  ]);
  if (!stored || !run) {
    if (!stored) await forgetDocument(ctx.env, delivered);
    return done;
  }
  if (stored.status === "failed") return done;
  const job = { ...delivered, version: run.version };
  const document = { ...stored, ...run.version };
  const finished = new Set(steps.filter(({ status }) => status === "succeeded").map(({ step }) => step));
  const carried: Carried = {};
  for (const step of stages.filter((each) => !finished.has(each))) {
    try {
      if (!(await passStep(ctx, document, job, carried, step))) return done;
    } catch (error) {
      // Deleted while it was read: its file is missing then, and nothing is wrong.
      if (!(await findAnyDocument(ctx.db, job.documentId))) {
        await forgetDocument(ctx.env, job);
        return done;
      }
      if (error instanceof ReaderRefused) {
        await failRun(ctx, job, { code: error.code, message: error.message });
        return done;
      }
      const about = { document_id: job.documentId, run_id: job.runId, step };
      if (error instanceof ReaderDied) ctx.log.info("reader_died", { ...about, cause: String(error.cause) });
      else ctx.log.error("pipeline_step_failed", error, about);
      return { status: "later", error };
    }
  }
  return done;
}
