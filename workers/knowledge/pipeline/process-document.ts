import { isProblem } from "../../platform/errors.ts";
import type { Context } from "../../workspaces/context.ts";
import { stages } from "../contract.ts";
import { removeIntermediate } from "../document-files.ts";
import { forgetDocument } from "../forget-document.ts";
import { UnreadableDocument } from "../parsing/unreadable-document.ts";
import { type DocumentRow, findAnyDocument } from "../queries.ts";
import {
  completeDocument,
  failDocument,
  finishStep,
  listSteps,
  releaseStep,
  reportProgress,
  type Step,
  type TakenStep,
  takeStep,
} from "./run-queries.ts";
import type { Carried, Work } from "./step.ts";
import { runStep, stepSpan } from "./steps.ts";

/** How long a step may go without a sign of life before somebody else may take it, in ms. */
const stepLeaseMs = 60_000;
/** The least time between two reports of progress, in ms. */
const reportEveryMs = 400;

/** One document on its way through one run; the rest is what is needed to clear away after a document that is gone. */
export interface Job {
  documentId: string;
  runId: string;
  cloneId: string;
  storageKey: string;
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

/** Makes a document searchable whose passages are in the index; false where it is gone. */
async function complete(ctx: Context, document: DocumentRow, job: Job, carried: Carried): Promise<boolean> {
  const facts = {
    chunkCount: carried.chunks?.length ?? 0,
    embedder: carried.embedderId ?? "",
    chunking: carried.chunking ?? "",
  };
  if (!(await completeDocument(ctx.db, job, facts, ctx.clock.now()))) return false;
  await removeIntermediate(ctx.env.UPLOADS, document.storageKey);
  return true;
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
    const output = await runStep[step](ctx, workOn(ctx, document, carried, taken));
    const isKept = step !== "storage" || (await complete(ctx, document, job, carried));
    if (isKept && (await finishStep(db, taken, output, startedAt, clock.now()))) return true;
    // Deleted while it was read: what this run has made goes the same way. Otherwise somebody took over from here.
    if (!(await findAnyDocument(db, job.documentId))) await forgetDocument(ctx.env, job);
    return false;
  } catch (error) {
    const message = isProblem(error) ? error.message : "The step failed and is tried again.";
    if (!(error instanceof UnreadableDocument)) await releaseStep(db, taken, message);
    throw error;
  }
}

/**
 * Takes a document through the steps that its run still lacks. The steps follow each other in one delivery, so that a small file
 * is searchable at once, but each is leased and recorded for itself: a redelivery goes on at the step that was cut off, and a
 * duplicate finds it taken and leaves.
 */
export async function processDocument(ctx: Context, job: Job): Promise<Processed> {
  const [document, steps] = await Promise.all([findAnyDocument(ctx.db, job.documentId), listSteps(ctx.db, job.runId)]);
  if (!document) {
    await forgetDocument(ctx.env, job);
    return done;
  }
  if (document.status === "failed") return done;
  const finished = new Set(steps.filter(({ status }) => status === "succeeded").map(({ step }) => step));
  const carried: Carried = {};
  for (const step of stages.filter((each) => !finished.has(each))) {
    try {
      if (!(await passStep(ctx, document, job, carried, step))) return done;
    } catch (error) {
      if (error instanceof UnreadableDocument) {
        await failDocument(ctx.db, job, { code: error.code, message: error.message }, ctx.clock.now());
        return done;
      }
      ctx.log.error("pipeline_step_failed", error, { document_id: job.documentId, run_id: job.runId, step });
      return { status: "later", error };
    }
  }
  return done;
}
