import { notFound, Problem } from "../../platform/errors.ts";
import type { Context } from "../../workspaces/context.ts";
import type { Talk } from "../conversations/get-conversation.ts";
import { type ConversationRow, findMessage, type MessageRow } from "../queries.ts";
import { startTurn, type Turn, type TurnPlan } from "./start-turn.ts";

/** An answer and the question that it answers. Throws `not_found`, and `validation_failed` for what is no answer. */
export async function answerAndQuestion(
  ctx: Context,
  conversation: ConversationRow,
  answerId: string,
): Promise<{ answer: MessageRow; question: MessageRow }> {
  const answer = await findMessage(ctx.db, conversation, answerId);
  if (!answer) throw notFound("message");
  if (answer.role !== "assistant" || !answer.parentId) {
    throw new Problem("validation_failed", "“message_id” must name an answer.");
  }
  const question = await findMessage(ctx.db, conversation, answer.parentId);
  if (!question) throw notFound("message");
  return { answer, question };
}

/** Answers a question that stands already, at once. */
export function answerAgain(
  ctx: Context,
  talk: Talk,
  { id, parentId, content }: MessageRow,
  how: Pick<TurnPlan, "messageId" | "continued" | "sampling">,
): Promise<Turn> {
  const question = { id, parentId, content, isNew: false };
  return startTurn(ctx, talk, { question, ...how, followsHead: false, mayQueue: false, before: null });
}
