import type { Message } from "../workers/chat/contract.ts";
import { changeConversation, forkAt } from "./conversation-calls.ts";
import type { ConversationSettings } from "./conversation-settings.ts";
import type { How } from "./how-asked.ts";
import { answerAgain, ask, continueAnswer } from "./session/ask.ts";
import { resume } from "./session/follow.ts";
import { newQuestion } from "./session/new-question.ts";
import { dispatch, fail, newSession, reload, type Session, type SessionOptions } from "./session/session.ts";
import { deleteBranch, fallBack, stopAnswer } from "./session/turn-calls.ts";
import { leaveLine, queue, takeBack } from "./session/waiting.ts";
import type { Waiting } from "./waiting.ts";

const asUsual: How = { models: [], privacy: null };

/** One chat: its state, and the network that moves it. It outlives renders; `useTurns` shows it to React. */
export function createTurnSession(options: SessionOptions) {
  const session: Session = newSession({
    ...options,
    onTurnEnd: () => {
      options.onTurnEnd();
      resume(session);
    },
  });
  return {
    state: () => session.state,
    /** Whether it is a visitor's, of a public page. */
    isVisitors: session.visitorOf !== null,
    /** Null until the first question. */
    conversationId: () => session.conversationId,
    subscribe(listener: () => void) {
      session.listeners.add(listener);
      return () => void session.listeners.delete(listener);
    },
    /** Asks a question: of the model that answers here, of another, or of several side by side. */
    send: (content: string, how: How = asUsual) => void ask(session, newQuestion(content, session.state.head), how),
    edit: (message: Message, content: string, how: How = asUsual) =>
      void ask(session, newQuestion(content, message.parent_id), how),
    queue: (content: string, how: How = asUsual) => queue(session, content, how),
    takeBack: (question: Waiting) => takeBack(session, question),
    regenerate: (answer: Message, how: How = asUsual) => answerAgain(session, answer, how),
    continueAnswer: (answer: Message) => continueAnswer(session, answer),
    stop: () => stop(session),
    /** Has the model asked that would answer at once. Rejects with what the API says. */
    fallBack: async () => {
      if (session.conversationId) await fallBack(session.conversationId);
    },
    /** Takes in what the server has stored of messages that were followed here. */
    tell: (messages: readonly Message[]) => dispatch(session, { kind: "told", messages }),
    retry: () => session.retry?.(),
    withdraw: (messageId: string) => dispatch(session, { kind: "withdrawn", messageId }),
    choose: (messageId: string) => choose(session, messageId),
    remove: (message: Message) => remove(session, message),
    fork: (message: Message) => fork(session, message),
    configure: (settings: ConversationSettings) => configure(session, settings),
    /** Goes on with what was under way when the page came: the answer that is being written, or the question that stands in line. */
    resume: () => resume(session),
    /** Leaves the stream. The answer goes on at the server. */
    leave(): void {
      session.following?.abort();
      session.following = null;
    },
  };
}

export type TurnSession = ReturnType<typeof createTurnSession>;

/** Ends the answer that is followed. Resolves to its question where that stood in line, and is asked and kept no more; else to null. */
async function stop(session: Session): Promise<string | null> {
  const { conversationId, state } = session;
  if (!conversationId || !state.live) return null;
  dispatch(session, { kind: "stopping" });
  try {
    const hasBegun = state.live.messageId !== null && !state.live.place;
    const back = hasBegun ? null : await leaveLine(session);
    if (!back) await stopAnswer(conversationId);
    return back && !state.messages.some(({ parent_id }) => parent_id === back.questionId) ? back.content : null;
  } catch (error) {
    fail(session, error);
    return null;
  }
}

/** Shows the branch with a message. */
function choose(session: Session, messageId: string): void {
  dispatch(session, { kind: "chosen", messageId });
  const { conversationId, state } = session;
  // Which branch is shown is a convenience: a failure to remember it is told by nothing but the next visit.
  if (conversationId && state.head)
    void changeConversation(conversationId, { head_message_id: state.head }).catch(() => {});
}

/** Deletes a message with everything below it. Rejects with what the API says. */
async function remove(session: Session, message: Message): Promise<void> {
  if (!session.conversationId) return;
  await deleteBranch(session.conversationId, message.id);
  await reload(session);
}

/** Makes a conversation of the branch up to a message; resolves to its id. Rejects with what the API says. */
async function fork({ conversationId }: Session, message: Message): Promise<string | null> {
  return conversationId && (await forkAt(conversationId, message.id)).id;
}

/** Settles how the model is asked here, also before there is a conversation. Rejects with what the API says. */
async function configure(session: Session, settings: ConversationSettings): Promise<void> {
  // Whether one that is being made comes about is told to whoever asked for it.
  await session.creating?.catch(() => {});
  if (session.conversationId) await changeConversation(session.conversationId, settings);
  else session.settings = settings;
}
