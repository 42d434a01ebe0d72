import { notFound } from "../../platform/errors.ts";
import { idPattern } from "../../platform/ids.ts";
import type { Context } from "../../workspaces/context.ts";
import { ownerOf } from "../access.ts";
import { type ConversationRow, findConversation, type Owner } from "../queries.ts";

const anId = idPattern("conversation");

/** One of the actor's own conversations, as D1 has it. Throws `not_found` for a missing and a foreign one alike. */
export async function getConversation(ctx: Context, id: string): Promise<ConversationRow> {
  const row = await findConversation(ctx.db, ownerOf(ctx), id);
  if (!row) throw notFound("conversation");
  return row;
}

/** The object that holds a conversation. */
export function conversationObject(ctx: Pick<Context, "env">, id: string) {
  return ctx.env.CONVERSATION.get(ctx.env.CONVERSATION.idFromName(id));
}

/** One of the actor's own conversations as it is at this moment: D1 says how it is filed, its object all else. Throws `not_found`. */
export async function currentConversation(ctx: Context, id: string): Promise<ConversationRow> {
  const [{ pinned, archived, folder, tags }, held] = await Promise.all([
    getConversation(ctx, id),
    ofOwn(ctx, id, (object, owner) => object.conversation(id, owner)),
  ]);
  return { ...held, pinned, archived, folder, tags };
}

/** What the object of one of the actor's own conversations answers, which says `undefined` of all others. Throws `not_found` for those. */
export async function ofOwn<T>(
  ctx: Context,
  id: string,
  ask: (object: ReturnType<typeof conversationObject>, owner: Owner) => Promise<T | undefined>,
): Promise<T> {
  // What is no id has no object: none is made of it.
  const answer = anId.test(id) ? await ask(conversationObject(ctx, id), ownerOf(ctx)) : undefined;
  if (answer === undefined) throw notFound("conversation");
  return answer;
}
