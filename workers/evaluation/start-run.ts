import { getClone } from "../clones/get-clone.ts";
import { isChatCharged } from "../model-access/charged.ts";
import { Problem } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import { requireFunds } from "../wallet/require-funds.ts";
import { audited } from "../workspaces/audited.ts";
import { operation } from "../workspaces/operation.ts";
import { evaluationRun, mostQuestions, startRunInput, tags } from "./contract.ts";
import { enqueueRun } from "./messages.ts";
import { presentRun } from "./present.ts";
import { insertRun, listQuestionPage } from "./queries.ts";

/** Throws `not_found`, `insufficient_credits`, and `conflict` for a clone without questions. */
export const startRun = operation({
  summary: "Ask a clone all its questions",
  description: "In the background; follow `/evaluation/runs/{id}`. The answers count as usage of who asks.",
  tags,
  action: "evaluation.run",
  audit: "evaluation.started",
  input: startRunInput,
  output: evaluationRun,
  async run(ctx, { body: { clone_id } }) {
    const clone = await getClone(ctx, clone_id);
    const questions = await listQuestionPage(ctx.db, clone, { after: null, limit: mostQuestions });
    if (questions.length === 0) throw new Problem("conflict", "There are no questions yet. Add one first.");
    if (await isChatCharged(ctx, clone, clone.model))
      await requireFunds(ctx, clone.workspaceId, "Asking this clone’s model");
    const now = ctx.clock.now();
    const run = {
      id: newId("evaluation"),
      workspaceId: clone.workspaceId,
      cloneId: clone.id,
      userId: ctx.actor.userId,
      questions: questions.length,
      createdAt: now,
      updatedAt: now,
    };
    const resource = { kind: "evaluation", id: run.id };
    const event = { action: "evaluation.started", resource, details: { questions: questions.length } } as const;
    await insertRun(ctx.db, run, questions, await audited(ctx, event));
    await enqueueRun(ctx.env, run.id);
    return presentRun(run);
  },
});
