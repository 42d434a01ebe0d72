import { Problem } from "../../../platform/errors.ts";
import { recordAudit } from "../../../workspaces/audited.ts";
import { operation } from "../../../workspaces/operation.ts";
import { messageTags } from "../../contract.ts";
import { ofOwn } from "../../conversations/get-conversation.ts";

/** Throws `not_found`, and `conflict` where nothing waits, or there is no other model. */
export const fallBack = operation({
  summary: "Ask the next model in the place of one that has to be waited for",
  description:
    "While a question waits in line for a machine that does one thing at a time: its `queue` events say what would answer, and at what price.",
  tags: messageTags,
  action: "conversation.write",
  scope: "chat",
  audit: "answer.moved",
  params: ["id"],
  done: "The next model is asked.",
  async run(ctx, { params: { id } }) {
    if (!(await ofOwn(ctx, id, (object, owner) => object.fallBack(id, owner))))
      throw new Problem("conflict", "No question waits here that another model could answer.");
    await recordAudit(ctx, { action: "answer.moved", resource: { kind: "conversation", id } });
  },
});
