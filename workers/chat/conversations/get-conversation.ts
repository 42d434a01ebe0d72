import type { CloneRow } from "../../clones/queries.ts";
import type { PipelineConfig } from "../../knowledge/contract.ts";
import { configFrom } from "../../knowledge/pipeline-config.ts";
import { notFound } from "../../platform/errors.ts";
import type { Context } from "../../workspaces/context.ts";
import { ownerOf } from "../access.ts";
import { type ConversationRow, findConversation, type StoredTalk, selectTalk, talkIn } from "../queries.ts";

/** One of the actor's own conversations. Throws `not_found` for a missing and a foreign one alike. */
export async function getConversation(ctx: Context, id: string): Promise<ConversationRow> {
  const row = await findConversation(ctx.db, ownerOf(ctx), id);
  if (!row) throw notFound("conversation");
  return row;
}

/** A conversation and its clone as it is now; null where it is deleted, or where the talk is with a model alone. */
export interface Talk {
  conversation: ConversationRow;
  clone: CloneRow | null;
  /** How the clone searches its documents. */
  pipeline: PipelineConfig;
}

/** One of the actor's own conversations with its clone, which may have been closed to them since. Throws as `getConversation`. */
export async function getTalk(ctx: Context, id: string): Promise<Talk> {
  return toTalk(talkIn(await selectTalk(ctx.db, ownerOf(ctx), id)));
}

/** What was found of a conversation; throws as `getConversation`. */
export function toTalk(found: StoredTalk | undefined): Talk {
  if (!found) throw notFound("conversation");
  return { ...found, pipeline: configFrom(found.pipeline) };
}

/** The object that hosts a conversation's turns. */
export function conversationObject(ctx: Pick<Context, "env">, id: string) {
  return ctx.env.CONVERSATION.get(ctx.env.CONVERSATION.idFromName(id));
}
