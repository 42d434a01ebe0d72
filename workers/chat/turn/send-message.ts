import type { z } from "zod";
import { notFound, Problem } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import type { Context } from "../../workspaces/context.ts";
import { modelLimits } from "../answer/retry-policy.ts";
import type { continueInput, regenerateInput, sendMessageInput } from "../contract.ts";
import { getTalk, type Talk } from "../conversations/get-conversation.ts";
import { turnInProgress } from "../conversations/turn-in-progress.ts";
import { type ConversationRow, citationsOf, findMessage, type MessageRow } from "../queries.ts";
import { readyQuestion } from "./new-question.ts";
import { startTurn, type Turn, type TurnPlan } from "./start-turn.ts";

/**
 * Asks a question in one of the actor's conversations. The object owns the answer from here on; the stream is one listener.
 * A message id that comes again finds the turn that it started. Throws `turn_in_progress`, `conflict`, `not_found`.
 */
export async function sendMessage(
  ctx: Context,
  conversationId: string,
  input: z.output<typeof sendMessageInput>,
): Promise<Turn> {
  const { id: _, content: __, parent_id, queue, ...sampling } = input;
  const ready = await readyQuestion(ctx, conversationId, { ...input, isCompared: false });
  if (ready.earlier) return ready.earlier;
  const { talk, question, before } = ready;
  return startTurn(ctx, talk, {
    question,
    before,
    messageId: newId("message"),
    continued: null,
    sampling,
    followsHead: queue && parent_id === undefined,
    mayQueue: queue,
  });
}

async function answerAndQuestion(
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
function answerAgain(
  ctx: Context,
  talk: Talk,
  { id, parentId, content }: MessageRow,
  how: Pick<TurnPlan, "messageId" | "continued" | "sampling">,
): Promise<Turn> {
  const question = { id, parentId, content, isNew: false };
  return startTurn(ctx, talk, { question, ...how, followsHead: false, mayQueue: false, before: null });
}

/** Answers the question of an answer once more, beside it; also with another model. */
export async function regenerate(
  ctx: Context,
  conversationId: string,
  input: z.output<typeof regenerateInput>,
): Promise<Turn> {
  const talk = await getTalk(ctx, conversationId);
  const { conversation } = talk;
  const { message_id, ...sampling } = input;
  const { question } = await answerAndQuestion(ctx, conversation, message_id);
  return answerAgain(ctx, talk, question, { messageId: newId("message"), continued: null, sampling });
}

/** Goes on with an answer that was interrupted, stopped or failed half-way. Throws `conflict` for one that is whole. */
export async function continueAnswer(
  ctx: Context,
  conversationId: string,
  input: z.output<typeof continueInput>,
): Promise<Turn> {
  const talk = await getTalk(ctx, conversationId);
  const { conversation } = talk;
  const { answer, question } = await answerAndQuestion(ctx, conversation, input.message_id);
  if (answer.status === "running") throw turnInProgress();
  if (answer.status === "complete" && answer.finishReason !== "length") {
    throw new Problem("conflict", "This answer is whole; there is nothing to continue.");
  }
  if (answer.content.length >= modelLimits.answerCharacters) {
    throw new Problem("conflict", "This answer is as long as one can be. Ask a new question to go on.");
  }
  const citations = (await citationsOf(ctx.db, answer.id)).map(({ messageId: _, ...citation }) => citation);
  const continued = { content: answer.content, citations };
  const sampling = answer.model && ctx.actor.kind === "user" ? { model: answer.model } : {};
  return answerAgain(ctx, talk, question, { messageId: answer.id, continued, sampling });
}
