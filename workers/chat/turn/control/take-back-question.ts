import { notFound } from "../../../platform/errors.ts";
import { recordAudit } from "../../../workspaces/audited.ts";
import { operation } from "../../../workspaces/operation.ts";
import { messageTags } from "../../contract.ts";
import { ofOwn } from "../../conversations/get-conversation.ts";

/** Throws `not_found` for one that does not wait, or no longer. */
export const takeBackQuestion = operation({
  summary: "Take back a question that waits",
  tags: messageTags,
  action: "conversation.write",
  scope: "chat",
  audit: "message.withdrawn",
  params: ["id", "turn_id"],
  done: "It will not be asked; its stream ends with finish_reason “stopped”.",
  async run(ctx, { params: { id, turn_id } }) {
    const isTaken = await ofOwn(ctx, id, (object, owner) => object.withdraw(id, owner, turn_id));
    if (!isTaken) throw notFound("waiting question");
    await recordAudit(ctx, {
      action: "message.withdrawn",
      resource: { kind: "conversation", id },
      details: { turn_id },
    });
  },
});
