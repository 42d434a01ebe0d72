import { problemOf } from "../api-problem.ts";
import type { Waiting } from "../turn-reducer.ts";
import { follow } from "./follow.ts";
import { newQuestion } from "./new-question.ts";
import { dispatch, reload, type Session } from "./session.ts";
import * as calls from "./turn-calls.ts";

/**
 * Lets a question wait for the end of the answer that is being written, for `model` or the one that answers here. Rejects with
 * what the API says.
 */
export async function queue(session: Session, content: string, model?: string): Promise<void> {
  const id = session.conversationId;
  if (!id) return;
  const question = newQuestion(content, null);
  const leaving = new AbortController();
  await calls.sendMessage(id, { id: question.id, content, queue: true, ...(model ? { model } : {}) }, leaving.signal);
  // It is stored: listening can wait until its turn has come.
  leaving.abort();
  await readWaiting(session);
}

/** Takes in the questions that wait, as they are stored. */
export async function readWaiting(session: Session): Promise<void> {
  if (!session.conversationId) return;
  const stored = await calls.readQueue(session.conversationId);
  const waiting = stored.map(({ turn_id, user_message_id, content }) => ({
    turnId: turn_id,
    questionId: user_message_id,
    content,
  }));
  dispatch(session, { kind: "waiting", waiting });
}

/** Takes back a question that waits; resolves to false where its turn has come. Otherwise rejects, and it still waits. */
export async function takeBack(session: Session, { turnId }: Waiting): Promise<boolean> {
  if (!session.conversationId) return false;
  const isBack = await calls.takeBack(session.conversationId, turnId).then(
    () => true,
    (error: unknown) => {
      if (problemOf(error).status !== 404) throw error;
      return false;
    },
  );
  const waiting = session.state.waiting.filter((other) => other.turnId !== turnId);
  dispatch(session, { kind: "waiting", waiting });
  return isBack;
}

/** Follows the question that waited longest, which the server asks by itself. */
export async function followNext(session: Session): Promise<void> {
  const [next, ...others] = session.state.waiting;
  const id = session.conversationId;
  if (!next || !id) return;
  dispatch(session, { kind: "waiting", waiting: others });
  dispatch(session, { kind: "asked", message: newQuestion(next.content, session.state.head, next.questionId) });
  await follow(session, id, (signal) => calls.attach(id, null, signal, next.turnId));
  // Taken back elsewhere, it ended without an answer: the stored tree knows nothing of it.
  const isAnswered = session.state.messages.some(({ parent_id }) => parent_id === next.questionId);
  if (!isAnswered && !session.state.failure) await reload(session).catch(() => {});
}
