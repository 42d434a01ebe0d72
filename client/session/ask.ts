import type { Message } from "../../workers/chat/contract.ts";
import { type How, spoken } from "../how-asked.ts";
import { follow } from "./follow.ts";
import { dispatch, ensureConversation, fail, type Session } from "./session.ts";
import { compare, continueStopped, regenerate, sendMessage } from "./turn-calls.ts";

/** Sends a question to the model that answers here, to another, or to several; the same id again, after a failure, runs it once. */
export async function ask(session: Session, message: Message, how: How): Promise<void> {
  const { models } = how;
  session.retry = () => void ask(session, message, how);
  dispatch(session, { kind: "asked", message, answers: Math.max(1, models.length) });
  try {
    const id = await ensureConversation(session);
    const question = { id: message.id, content: message.content, parent_id: message.parent_id };
    await follow(session, id, (signal) =>
      models.length > 1
        ? compare(id, { ...question, ...spoken({ ...how, models: [] }) }, models, signal)
        : sendMessage(id, { ...question, ...spoken(how) }, signal),
    );
  } catch (error) {
    fail(session, error);
  }
}

/** Has the question of an answer answered anew, beside it. */
export function answerAgain(session: Session, answer: Message, how: How): void {
  const id = session.conversationId;
  if (!id) return;
  session.retry = () => answerAgain(session, answer, how);
  dispatch(session, { kind: "answering", messageId: null, parentId: answer.parent_id });
  void follow(session, id, (signal) => regenerate(id, answer.id, how, signal));
}

/** Has an answer that was stopped or cut off written to its end. */
export function continueAnswer(session: Session, answer: Message): void {
  const id = session.conversationId;
  if (!id) return;
  session.retry = () => continueAnswer(session, answer);
  dispatch(session, { kind: "answering", messageId: answer.id });
  void follow(session, id, (signal) => continueStopped(id, answer.id, signal));
}
