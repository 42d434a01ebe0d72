import { z } from "zod";

/** A message of the queue: asks the questions of a run that have no answer yet. */
export const evaluationMessage = z.object({ kind: z.literal("evaluation"), run_id: z.string() });
export type EvaluationMessage = z.output<typeof evaluationMessage>;

/** Puts a run on the queue. */
export async function enqueueRun(env: Env, runId: string): Promise<void> {
  const message: EvaluationMessage = { kind: "evaluation", run_id: runId };
  await env.INGEST_QUEUE.send(message);
}
