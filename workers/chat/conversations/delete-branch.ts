import { notFound } from "../../platform/errors.ts";
import { recordAudit } from "../../workspaces/audited.ts";
import { operation } from "../../workspaces/operation.ts";
import { messageTags } from "../contract.ts";
import { ofOwn } from "./get-conversation.ts";
import { turnInProgress } from "./turn-in-progress.ts";

/**
 * Where the shown branch ended there, the nearest leaf that is left is shown. Throws `not_found`, and `turn_in_progress` while an answer among them is
 * being written.
 */
export const deleteBranch = operation({
  summary: "Delete a message with everything below it",
  tags: messageTags,
  action: "conversation.write",
  scope: "chat",
  audit: "message.deleted",
  params: ["id", "messageId"],
  done: "They are gone.",
  async run(ctx, { params: { id, messageId } }) {
    const removed = await ofOwn(ctx, id, (object, owner) => object.removeBranch(id, owner, messageId));
    if (removed === null) throw notFound("message");
    if (removed === 0) throw turnInProgress();
    await recordAudit(ctx, {
      action: "message.deleted",
      resource: { kind: "message", id: messageId },
      details: { conversation_id: id },
    });
  },
});
