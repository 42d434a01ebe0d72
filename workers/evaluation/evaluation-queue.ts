import type { Runtime } from "../platform/runtime.ts";
import { jobContext } from "../workspaces/context.ts";
import { askQuestions } from "./ask-questions.ts";
import { enqueueRun, evaluationMessage } from "./messages.ts";
import { failWaiting, listStandingRuns } from "./queries.ts";

/** How long a run may go without a sign of life before the sweep puts it back on the queue, in ms. */
const patienceMs = 10 * 60_000;

/** Whether a message of the queue is this room's. */
export const isEvaluation = ({ body }: Message): boolean => evaluationMessage.safeParse(body).success;

/** Asks the questions of the runs that the messages name; a dead letter ends its run with what there is. */
export async function consumeEvaluations(runtime: Runtime, messages: Message[], isDead: boolean): Promise<void> {
  const ctx = jobContext(runtime, "evaluation");
  for (const message of messages) {
    const { run_id } = evaluationMessage.parse(message.body);
    try {
      if (isDead) await failWaiting(ctx.db, run_id, "The question could not be asked after several tries.");
      else if (await askQuestions(ctx, run_id)) await enqueueRun(ctx.env, run_id);
      message.ack();
    } catch (error) {
      ctx.log.error("evaluation_failed", error, { run_id });
      message.retry({ delaySeconds: Math.min(60, 2 ** message.attempts) });
    }
  }
}

/** Puts runs back on the queue whose asking was cut off. `atStart`: nothing else can be at work. */
export async function sweepEvaluations(runtime: Runtime, { atStart }: { atStart: boolean }): Promise<void> {
  const ctx = jobContext(runtime, "evaluation");
  const now = ctx.clock.now();
  for (const { id } of await listStandingRuns(ctx.db, atStart ? now + 1 : now - patienceMs))
    await enqueueRun(ctx.env, id);
}
