import { notFound, Problem } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import type { Context } from "../workspaces/context.ts";
import { conversationObject } from "./get-conversation.ts";
import { type ConversationRow, conversationOfMessage, findMessage } from "./queries.ts";
import { replayStored } from "./replay-stored.ts";
import { idTaken, type Turn } from "./start-turn.ts";
import type { TurnInput } from "./turn-log.ts";

/** The turn that a question started, while its events are kept. */
async function attachTo(ctx: Context, conversation: ConversationRow, questionId: string): Promise<Turn | null> {
  const found = await conversationObject(ctx, conversation.id).attachToQuestion(questionId);
  if (!found) return null;
  return {
    turnId: found.turnId,
    questionId,
    messageId: found.messageId,
    compareGroup: found.compareGroup,
    stream: found.stream as ReadableStream<Uint8Array>,
  };
}

/**
 * The turn that the same message started before, or null for a new one. Throws `conflict` where its id was used for other words, in
 * another conversation, or for a question of the other kind.
 */
export async function turnBefore(
  ctx: Context,
  conversation: ConversationRow,
  { id, content, isCompared }: { id: string; content: string; isCompared: boolean },
): Promise<Turn | null> {
  const known = await conversationOfMessage(ctx.db, id);
  if (!known) return null;
  if (known.conversationId !== conversation.id || known.content !== content) throw idTaken();
  const turn = (await attachTo(ctx, conversation, id)) ?? (await replayStored(ctx, conversation, id));
  if (turn && (turn.compareGroup !== null) !== isCompared) throw idTaken();
  return turn;
}

/** A new question at its place in the tree. Throws `not_found`, and `validation_failed` for a parent that is no answer. */
export async function placedQuestion(
  ctx: Context,
  conversation: ConversationRow,
  { id, content, parent_id }: { id?: string | undefined; content: string; parent_id?: string | null | undefined },
): Promise<TurnInput["question"]> {
  const parentId = parent_id === undefined ? conversation.headMessageId : parent_id;
  if (parentId !== null && parentId !== conversation.headMessageId) {
    const parent = await findMessage(ctx.db, conversation, parentId);
    if (!parent) throw notFound("message");
    if (parent.role !== "assistant")
      throw new Problem("validation_failed", "“parent_id” must name an answer: a question follows one.");
  }
  return { id: id ?? newId("message"), parentId, content, isNew: true };
}
