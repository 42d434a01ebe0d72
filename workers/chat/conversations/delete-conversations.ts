import { notFound } from "../../platform/errors.ts";
import { withAudit } from "../../workspaces/audited.ts";
import { operation } from "../../workspaces/operation.ts";
import { ownerOf } from "../access.ts";
import { deleteConversationsInput, deletedCount, tags } from "../contract.ts";
import { removeConversation } from "../queries.ts";
import { conversationObject } from "./get-conversation.ts";
import { removeConversations } from "./library-queries.ts";

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
    const removed = await withAudit(ctx, removeConversation(ctx.db, ownerOf(ctx), id), {
      action: "conversation.deleted",
      resource: { kind: "conversation", id },
    });
    if (removed.length === 0) throw notFound("conversation");
    ctx.defer(conversationObject(ctx, id).erase());
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
    const removed = await withAudit(ctx, removeConversations(ctx.db, ownerOf(ctx), ids), {
      action: "conversation.deleted",
      details: { ids },
    });
    ctx.defer(Promise.all(removed.map(({ id }) => conversationObject(ctx, id).erase())));
    return { deleted: removed.length };
  },
});
