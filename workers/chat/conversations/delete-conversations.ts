import { withAudit } from "../../workspaces/audited.ts";
import type { Context } from "../../workspaces/context.ts";
import { ownerOf } from "../access.ts";
import { conversationObject } from "./get-conversation.ts";
import { removeConversations } from "./library-queries.ts";

/** Deletes those of `ids` that are the actor's own; what else they may be is ignored. Returns how many went. */
export async function deleteConversations(ctx: Context, ids: string[]): Promise<number> {
  const removed = await withAudit(ctx, removeConversations(ctx.db, ownerOf(ctx), ids), {
    action: "conversation.deleted",
    details: { ids },
  });
  ctx.defer(Promise.all(removed.map(({ id }) => conversationObject(ctx, id).erase())));
  return removed.length;
}
