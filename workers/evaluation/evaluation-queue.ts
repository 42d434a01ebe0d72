import { type Delivery, takeEach } from "../platform/rooms/queue.ts";
import type { Runtime } from "../platform/runtime.ts";
import { jobContext } from "../workspaces/context.ts";
import { askQuestions } from "./ask-questions.ts";
import { type EvaluationMessage, enqueueRun } from "./messages.ts";
import { failWaiting, listStandingRuns } from "./queries.ts";

/** How long a run may go without a sign of life before the sweep puts it back on the queue, in ms. */
const patienceMs = 10 * 60_000;

/** Asks the questions of the runs that messages name; a dead letter ends its run with what there is. */
export async function consumeEvaluations(
  runtime: Runtime,
  deliveries: Delivery<EvaluationMessage>[],
  isDead: boolean,
): Promise<void> {
  const ctx = jobContext(runtime, "evaluation");
  const told = { event: "evaluation_failed", about: ({ run_id }: EvaluationMessage) => ({ run_id }) };
  await takeEach(ctx, deliveries, told, async ({ run_id }) => {
    if (isDead) await failWaiting(ctx.db, run_id, "The question could not be asked after several tries.");
    else if (await askQuestions(ctx, run_id)) await enqueueRun(ctx.env, run_id);
  });
}

/** Puts runs back on the queue whose asking was cut off. `atStart`: nothing else can be at work. */
export async function sweepEvaluations(runtime: Runtime, { atStart }: { atStart: boolean }): Promise<void> {
  const ctx = jobContext(runtime, "evaluation");
  const now = ctx.clock.now();
  for (const { id } of await listStandingRuns(ctx.db, atStart ? now + 1 : now - patienceMs))
    await enqueueRun(ctx.env, id);
}
