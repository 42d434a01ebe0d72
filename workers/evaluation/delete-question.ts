import { notFound } from "../platform/errors.ts";
import { withAudit } from "../workspaces/audited.ts";
import { operation } from "../workspaces/operation.ts";
import { tags } from "./contract.ts";
import { removeQuestion } from "./queries.ts";

/** Throws `not_found`. */
export const deleteQuestion = operation({
  summary: "Delete a question; results of earlier runs stay",
  tags,
  action: "evaluation.run",
  audit: "evaluation.removed",
  params: ["id"],
  done: "It is gone.",
  async run(ctx, { params: { id } }) {
    const removed = await withAudit(ctx, removeQuestion(ctx.db, ctx.actor.workspaceId, id), {
      action: "evaluation.removed",
      resource: { kind: "question", id },
    });
    if (removed.length === 0) throw notFound("question");
  },
});
