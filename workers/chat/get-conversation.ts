import { notFound } from "../platform/errors.ts";
import type { Context } from "../workspaces/context.ts";
import { ownerOf } from "./access.ts";
import { type ConversationRow, findConversation } from "./queries.ts";

/** One of the actor's own conversations. Throws `not_found` for a missing and a foreign one alike. */
export async function getConversation(ctx: Context, id: string): Promise<ConversationRow> {
  const row = await findConversation(ctx.db, ownerOf(ctx), id);
  if (!row) throw notFound("conversation");
  return row;
}

/** The object that hosts a conversation's turns. */
export function conversationObject(ctx: Context, id: string) {
  return ctx.env.CONVERSATION.get(ctx.env.CONVERSATION.idFromName(id));
}
