import { isProblem } from "../platform/errors.ts";
import type { Context } from "../workspaces/context.ts";
import { stages } from "./contract.ts";
import { UnreadableDocument } from "./parsing/unreadable-document.ts";
import {
  type DocumentRow,
  failDocument,
  findAnyDocument,
  finishStep,
  listSteps,
  releaseStep,
  reportProgress,
  type Step,
  takeStep,
} from "./queries.ts";
import { runStep, stepSpan, type Work } from "./run-steps.ts";

/** How long a step may go without a sign of life before somebody else may take it, in ms. */
export const stepLeaseMs = 60_000;
/** The least time between two reports of progress, in ms. */
const reportEveryMs = 400;

export interface Job {
  documentId: string;
  runId: string;
}

/** What became of one delivery: `later` asks for another after the failure that the step's record tells. */
export type Processed = { status: "done" } | { status: "later"; error: unknown };

function workOn(ctx: Context, document: DocumentRow, job: Job, carried: Work["carried"], step: Step): Work {
  const [from, to] = stepSpan[step];
  let reportedAt = 0;
  return {
    document,
    runId: job.runId,
    carried,
    async progress(share) {
      const now = ctx.clock.now();
      if (now - reportedAt < reportEveryMs) return;
      reportedAt = now;
      await reportProgress(ctx.db, { ...job, step, progress: from + (to - from) * share }, now, stepLeaseMs);
    },
  };
}

/**
 * Takes a document through the steps that its run still lacks. The steps follow each other in one delivery, so that a small file
 * is searchable at once, but each is leased and recorded for itself: a redelivery goes on at the step that was cut off, and a
 * duplicate finds it taken and leaves.
 */
export async function processDocument(ctx: Context, job: Job): Promise<Processed> {
  const document = await findAnyDocument(ctx.db, job.documentId);
  if (!document || document.status === "failed") return { status: "done" };
  const finished = new Set(
    (await listSteps(ctx.db, job.runId)).filter(({ status }) => status === "succeeded").map(({ step }) => step),
  );
  const carried: Work["carried"] = {};
  for (const step of stages.filter((each) => !finished.has(each))) {
    const startedAt = ctx.clock.now();
    if (!(await takeStep(ctx.db, job.runId, step, startedAt, stepLeaseMs))) return { status: "done" };
    try {
      await reportProgress(ctx.db, { ...job, step, progress: stepSpan[step][0] }, startedAt, stepLeaseMs);
      const output = await runStep[step](ctx, workOn(ctx, document, job, carried, step));
      await finishStep(ctx.db, job.runId, step, output, startedAt, ctx.clock.now());
    } catch (error) {
      if (error instanceof UnreadableDocument) {
        await failDocument(ctx.db, job, { code: error.code, message: error.message }, ctx.clock.now());
        return { status: "done" };
      }
      ctx.log.error("pipeline_step_failed", error, { document_id: job.documentId, run_id: job.runId, step });
      await releaseStep(
        ctx.db,
        job.runId,
        step,
        isProblem(error) ? error.message : "The step failed and is tried again.",
      );
      return { status: "later", error };
    }
  }
  return { status: "done" };
}
