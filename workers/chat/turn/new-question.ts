import { notFound, Problem } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import type { Context } from "../../workspaces/context.ts";
import { type Before, type Place, readPlace } from "../answer/history-queries.ts";
import type { TurnInput } from "../answer/turn-input.ts";
import { conversationObject, type Talk, toTalk } from "../conversations/get-conversation.ts";
import { type ConversationRow, findMessage } from "../queries.ts";
import { replayStored } from "./replay-stored.ts";
import { idTaken, type Turn } from "./start-turn.ts";

/** What somebody asks: `id` is their own for the message; without a parent it goes under what is shown. */
interface Asked {
  id?: string | undefined;
  content: string;
  parent_id?: string | null | undefined;
  isCompared: boolean;
}

/** A question that is about to be asked, or the turn that it has started before. */
export type NewQuestion =
  | { earlier: Turn }
  | {
      earlier: null;
      talk: Talk;
      question: TurnInput["question"];
      /** What stands before it, where that could be read with the rest; the turn finds it out where it could not. */
      before: Before | null;
    };

/** The turn that a question started, while its events are kept. */
async function attachTo(ctx: Context, conversation: ConversationRow, questionId: string): Promise<Turn | null> {
  const found = await conversationObject(ctx, conversation.id).attachToQuestion(questionId);
  if (!found) return null;
  return {
    conversationId: conversation.id,
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
async function turnBefore(
  ctx: Context,
  { conversation }: Talk,
  known: Place["known"],
  { id, content, isCompared }: Asked,
): Promise<Turn | null> {
  if (!id || !known) return null;
  if (known.conversationId !== conversation.id || known.content !== content) throw idTaken();
  const turn = (await attachTo(ctx, conversation, id)) ?? (await replayStored(ctx, conversation, id));
  if (turn && (turn.compareGroup !== null) !== isCompared) throw idTaken();
  return turn;
}

/** A new question at its place in the tree. Throws `not_found`, and `validation_failed` for a parent that is no answer. */
async function placedQuestion(
  ctx: Context,
  { conversation }: Talk,
  { id, content, parent_id }: Asked,
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

/**
 * A question in one of the actor's own conversations, ready to be asked. Throws `not_found`, `conflict` where its id was used for
 * something else, and `validation_failed` for a parent that is no answer.
 */
export async function readyQuestion(ctx: Context, conversationId: string, asked: Asked): Promise<NewQuestion> {
  const place = await readPlace(ctx, conversationId, { id: asked.id, parentId: asked.parent_id });
  const talk = toTalk(place.talk);
  const earlier = await turnBefore(ctx, talk, place.known, asked);
  if (earlier) return { earlier };
  const question = await placedQuestion(ctx, talk, asked);
  return { earlier: null, talk, question, before: question.parentId === place.under ? place.before : null };
}
