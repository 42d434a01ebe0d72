import { inRuns } from "../../db/in-runs.ts";
import { notFound } from "../../platform/errors.ts";
import { withAudit } from "../../workspaces/audited.ts";
import { operation } from "../../workspaces/operation.ts";
import { ownerOf } from "../access.ts";
import { deleteConversationsInput, deletedCount, tags } from "../contract.ts";
import { removeConversation } from "../queries.ts";
import { conversationObject, getConversation } from "./get-conversation.ts";
import { ownAmong, removeConversations } from "./library-queries.ts";

/** So many objects are asked side by side. */
const atOnce = 20;

/** An answer that is being written ends. Throws `not_found`. */
export const deleteConversation = operation({
  summary: "Delete a conversation",
  tags,
  action: "conversation.write",
  scope: "chat",
  audit: "conversation.deleted",
  params: ["id"],
  done: "It is gone.",
  async run(ctx, { params: { id } }) {
    await getConversation(ctx, id);
    // First the object: what is left of its rows where this is cut off is the conversation still.
    await conversationObject(ctx, id).erase(id);
    const removed = await withAudit(ctx, removeConversation(ctx.db, ownerOf(ctx), id), {
      action: "conversation.deleted",
      resource: { kind: "conversation", id },
    });
    if (removed.length === 0) throw notFound("conversation");
  },
});

export const deleteConversations = operation({
  summary: "Delete many conversations",
  description: "Ids that are not yours are passed over.",
  tags,
  action: "conversation.write",
  scope: "chat",
  audit: "conversation.deleted",
  input: deleteConversationsInput,
  output: deletedCount,
  async run(ctx, { body: { ids } }) {
    const own = await ownAmong(ctx.db, ownerOf(ctx), ids);
    for (const some of inRuns(own, atOnce)) await Promise.all(some.map((id) => conversationObject(ctx, id).erase(id)));
    const removed = await withAudit(ctx, removeConversations(ctx.db, ownerOf(ctx), own), {
      action: "conversation.deleted",
      details: { ids },
    });
    return { deleted: removed.length };
  },
});
