import type { Message } from "../../../workers/chat/contract.ts";
import { problemOf } from "../../api-problem.ts";
import { changeConversation, forkAt } from "../library/library-calls.ts";
import { type ConversationSettings, usualSettings } from "../settings/conversation-settings.ts";
import * as calls from "./chat-calls.ts";
import { newQuestion } from "./new-question.ts";
import { nothingSaid, type TurnAction, type TurnState, turnReducer, type Waiting } from "./turn-reducer.ts";
import { backOff, isPassing, readTurn, waitToReconnect } from "./turn-stream.ts";

/** After so many attempts in a row the person decides; the answer goes on at the server either way. */
const patience = 8;

interface SessionOptions {
  cloneId: string | null;
  /** The slug of the public page this chat stands on, or null inside the app. */
  visitorOf: string | null;
  conversationId: string | null;
  messages: readonly Message[];
  head: string | null;
  onConversation?: (id: string) => void;
  onTurnEnd?: () => void;
}

type Open = (signal: AbortSignal) => Promise<Response>;

/** One chat: its state, and the network that moves it. It outlives renders; `useTurns` shows it to React. */
export function createTurnSession(options: SessionOptions) {
  let state: TurnState = turnReducer(nothingSaid, { kind: "loaded", messages: options.messages, head: options.head });
  let conversationId = options.conversationId;
  let settings = usualSettings;
  let creating: Promise<string> | null = null;
  let following: AbortController | null = null;
  let retry: (() => void) | null = null;
  const listeners = new Set<() => void>();

  function dispatch(action: TurnAction): void {
    state = turnReducer(state, action);
    for (const listener of listeners) listener();
  }

  async function reload(): Promise<void> {
    if (!conversationId) return;
    const { messages, head } = await calls.readConversation(conversationId);
    dispatch({ kind: "loaded", messages, head });
  }

  /** Follows the turn that `open` starts to its end, through lost connections. */
  async function follow(id: string, open: Open): Promise<void> {
    following?.abort();
    const mine = new AbortController();
    following = mine;
    const resume: Open = (signal) => calls.attach(id, state.live?.lastEventId ?? null, signal);
    let next = open;
    for (let attempt = 1; !mine.signal.aborted; attempt++) {
      try {
        const response = await next(mine.signal);
        dispatch({ kind: "attached" });
        const ended = await readTurn(
          response,
          (events) => {
            attempt = 1;
            next = resume;
            if (!mine.signal.aborted) dispatch({ kind: "received", events });
          },
          state.live?.awaited,
        );
        if (ended) return finish(mine);
        // The server closed without an end: it has nothing more to tell, or it let a slow listener go.
        if (next === open) next = resume;
      } catch (error) {
        if (mine.signal.aborted) return;
        // A call that got through though its answer did not: the turn it started is the one that runs.
        if (attempt > 1 && problemOf(error).code === "turn_in_progress") next = resume;
        else if (!isPassing(error)) return await refuse(error, next === resume);
        if (attempt > patience) return giveUp(id, next, error);
      }
      if (attempt > patience) return giveUp(id, next, null);
      dispatch({ kind: "lost" });
      await waitToReconnect(backOff(attempt, Math.random()), mine.signal);
      if (next === resume && (await endedMeanwhile(mine.signal))) return finish(mine);
    }
  }

  function finish(mine: AbortController): void {
    if (following === mine) following = null;
    options.onTurnEnd?.();
    void askNext();
  }

  /** Follows the question that waited longest, which the server asks by itself. */
  async function askNext(): Promise<void> {
    const [next, ...others] = state.waiting;
    const id = conversationId;
    if (!next || !id) return;
    dispatch({ kind: "waiting", waiting: others });
    dispatch({ kind: "asked", message: newQuestion(next.content, state.head, next.questionId) });
    await follow(id, (signal) => calls.attach(id, null, signal, next.turnId));
    // Taken back elsewhere, it ended without an answer: the stored tree knows nothing of it.
    const isAnswered = state.messages.some(({ parent_id }) => parent_id === next.questionId);
    if (!isAnswered && !state.failure) await reload().catch(() => {});
  }

  /**
   * Lets a question wait for the end of the answer that is being written, for `model` or the one that answers here. Rejects with
   * what the API says.
   */
  async function queue(content: string, model?: string): Promise<void> {
    const id = conversationId;
    if (!id) return;
    const question = newQuestion(content, null);
    const leaving = new AbortController();
    await calls.sendMessage(id, { id: question.id, content, queue: true, ...(model ? { model } : {}) }, leaving.signal);
    // It is stored: listening can wait until its turn has come.
    leaving.abort();
    await readQueue();
  }

  async function readQueue(): Promise<void> {
    if (!conversationId) return;
    const waiting = await calls.readQueue(conversationId);
    dispatch({
      kind: "waiting",
      waiting: waiting.map(({ turn_id, user_message_id, content }) => ({
        turnId: turn_id,
        questionId: user_message_id,
        content,
      })),
    });
  }

  function resumeTurn(): void {
    const id = conversationId;
    if (!id || !state.live || (following && !following.signal.aborted)) return;
    void follow(id, (signal) => calls.attach(id, state.live?.lastEventId ?? null, signal));
  }

  /** True where the answer came to its end while nobody listened. */
  async function endedMeanwhile(signal: AbortSignal): Promise<boolean> {
    const answer = state.live?.messageId;
    if (!conversationId || signal.aborted) return false;
    try {
      const { messages, head } = await calls.readConversation(conversationId);
      if (messages.find(({ id }) => id === answer)?.status === "running" || signal.aborted) return false;
      dispatch({ kind: "loaded", messages, head });
      return state.live === null;
    } catch {
      // Still off line: the next attempt to attach reports what is wrong.
      return false;
    }
  }

  function giveUp(id: string, next: Open, error: unknown): void {
    retry = () => {
      dispatch({ kind: "answering", messageId: state.live?.messageId ?? null });
      void follow(id, next);
    };
    dispatch({ kind: "failed", problem: problemOf(error) });
  }

  /** The server said no. A refused resume means that the stored tree knows better than this page does. */
  async function refuse(error: unknown, resuming: boolean): Promise<void> {
    if (resuming) {
      await reload().catch((failure: unknown) => dispatch({ kind: "failed", problem: problemOf(failure) }));
      if (state.live) dispatch({ kind: "settled" });
      return;
    }
    dispatch({ kind: "failed", problem: problemOf(error) });
  }

  async function ensureConversation(): Promise<string> {
    if (conversationId) return conversationId;
    creating ??= create().finally(() => {
      creating = null;
    });
    return creating;
  }

  async function create(): Promise<string> {
    const { id } = await calls.createConversation(options.cloneId, options.visitorOf, settings);
    conversationId = id;
    options.onConversation?.(id);
    return id;
  }

  /** Sends a question; the same id again, after a failure, runs it once. */
  async function ask(message: Message, models: readonly string[]): Promise<void> {
    retry = () => void ask(message, models);
    dispatch({ kind: "asked", message, answers: Math.max(1, models.length) });
    try {
      const id = await ensureConversation();
      const question = { id: message.id, content: message.content, parent_id: message.parent_id };
      const [model] = models;
      await follow(id, (signal) =>
        models.length > 1
          ? calls.compare(id, question, models, signal)
          : calls.sendMessage(id, { ...question, ...(model ? { model } : {}) }, signal),
      );
    } catch (error) {
      dispatch({ kind: "failed", problem: problemOf(error) });
    }
  }

  function answerAgain(
    message: Message,
    open: (id: string, signal: AbortSignal) => Promise<Response>,
    keep: boolean,
  ): void {
    const id = conversationId;
    if (!id) return;
    retry = () => answerAgain(message, open, keep);
    dispatch({ kind: "answering", messageId: keep ? message.id : null, parentId: keep ? null : message.parent_id });
    void follow(id, (signal) => open(id, signal));
  }

  return {
    state: () => state,
    conversationId: () => conversationId,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** Asks a question: of the model that answers here, of another, or of several side by side. */
    send: (content: string, models: readonly string[] = []) => void ask(newQuestion(content, state.head), models),
    queue,
    /** Takes back a question that waits; resolves to false where its turn has come. Otherwise rejects, and it still waits. */
    async takeBack({ turnId }: Waiting): Promise<boolean> {
      if (!conversationId) return false;
      const isBack = await calls.takeBack(conversationId, turnId).then(
        () => true,
        (error: unknown) => {
          if (problemOf(error).status !== 404) throw error;
          return false;
        },
      );
      dispatch({ kind: "waiting", waiting: state.waiting.filter((other) => other.turnId !== turnId) });
      return isBack;
    },
    edit: (message: Message, content: string, models: readonly string[] = []) =>
      void ask(newQuestion(content, message.parent_id), models),
    regenerate: (message: Message, model?: string) =>
      answerAgain(message, (id, signal) => calls.regenerate(id, message.id, model, signal), false),
    continueAnswer: (message: Message) =>
      answerAgain(message, (id, signal) => calls.continueAnswer(id, message.id, signal), true),
    /** Settles how the model is asked here, also before there is a conversation. Rejects with what the API says. */
    async configure(next: ConversationSettings): Promise<void> {
      // Whether one that is being made comes about is told to whoever asked for it.
      await creating?.catch(() => {});
      if (conversationId) await changeConversation(conversationId, next);
      else settings = next;
    },
    retry: () => retry?.(),
    withdraw: (messageId: string) => dispatch({ kind: "withdrawn", messageId }),
    /** Deletes a message with everything below it. Rejects with what the API says. */
    async remove(message: Message): Promise<void> {
      if (!conversationId) return;
      await calls.deleteBranch(conversationId, message.id);
      await reload();
    },
    /** Makes a conversation of the branch up to a message; resolves to its id. Rejects with what the API says. */
    async fork(message: Message): Promise<string | null> {
      return conversationId && (await forkAt(conversationId, message.id)).id;
    },
    choose(messageId: string) {
      dispatch({ kind: "chosen", messageId });
      // Which branch is shown is a convenience: a failure to remember it is told by nothing but the next visit.
      if (conversationId && state.head) void calls.rememberBranch(conversationId, state.head).catch(() => {});
    },
    async stop(): Promise<void> {
      if (!conversationId || !state.live) return;
      dispatch({ kind: "stopping" });
      try {
        await calls.stopAnswer(conversationId);
      } catch (error) {
        dispatch({ kind: "failed", problem: problemOf(error) });
      }
    },
    /** Goes on listening to an answer that was under way when the page came, and to what waits behind it. */
    resume(): void {
      if (!state.live) return;
      resumeTurn();
      // Without the list the answer is shown all the same; its end looks again.
      void readQueue().catch(() => {});
    },
    /** Leaves the stream. The answer goes on at the server. */
    leave(): void {
      following?.abort();
      following = null;
    },
  };
}

export type TurnSession = ReturnType<typeof createTurnSession>;
