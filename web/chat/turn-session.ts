import type { Message } from "../../workers/chat/contract.ts";
import { ApiError, problemOf } from "../api-problem.ts";
import * as calls from "./chat-calls.ts";
import { draftMessage, nothingSaid, type TurnAction, type TurnState, turnReducer } from "./turn-reducer.ts";
import { backOff, readTurn, waitToReconnect } from "./turn-stream.ts";

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

/** Worth trying again unasked: the network failed, or something before our server did. Our own refusals are final. */
function passing(error: unknown): boolean {
  if (!(error instanceof ApiError)) return true;
  const { status, code } = error.problem;
  return [502, 503, 504].includes(status) && code === "internal";
}

/** One chat: its state, and the network that moves it. It outlives renders; `useTurns` shows it to React. */
export function createTurnSession(options: SessionOptions) {
  let state: TurnState = turnReducer(nothingSaid, { kind: "loaded", messages: options.messages, head: options.head });
  let conversationId = options.conversationId;
  let following: AbortController | null = null;
  let retry: (() => void) | null = null;
  const listeners = new Set<() => void>();

  function dispatch(action: TurnAction): void {
    state = turnReducer(state, action);
    for (const listener of listeners) listener();
  }

  async function reload(): Promise<void> {
    if (!conversationId) return;
    const tree = await calls.readConversation(conversationId);
    dispatch({ kind: "loaded", ...tree });
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
        const ended = await readTurn(response, (events) => {
          attempt = 1;
          next = resume;
          if (!mine.signal.aborted) dispatch({ kind: "received", events });
        });
        if (ended) return finish(mine);
        // The server closed without an end: it has nothing more to tell, or it let a slow listener go.
        if (next === open) next = resume;
      } catch (error) {
        if (mine.signal.aborted) return;
        // A call that got through though its answer did not: the turn it started is the one that runs.
        if (attempt > 1 && problemOf(error).code === "turn_in_progress") next = resume;
        else if (!passing(error)) return await refuse(error, next === resume);
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
  }

  /** True where the answer came to its end while nobody listened. */
  async function endedMeanwhile(signal: AbortSignal): Promise<boolean> {
    const answer = state.live?.messageId;
    if (!conversationId || signal.aborted) return false;
    try {
      const tree = await calls.readConversation(conversationId);
      if (tree.messages.find(({ id }) => id === answer)?.status === "running" || signal.aborted) return false;
      dispatch({ kind: "loaded", ...tree });
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
    const created = await calls.createConversation(options.cloneId, options.visitorOf);
    conversationId = created.id;
    options.onConversation?.(created.id);
    return created.id;
  }

  /** Sends a question; the same id again, after a failure, runs it once. */
  async function ask(message: Message): Promise<void> {
    retry = () => void ask(message);
    dispatch({ kind: "asked", message });
    try {
      const id = await ensureConversation();
      const question = { id: message.id, content: message.content, parent_id: message.parent_id };
      await follow(id, (signal) => calls.sendMessage(id, question, signal));
    } catch (error) {
      dispatch({ kind: "failed", problem: problemOf(error) });
    }
  }

  function newQuestion(content: string, parentId: string | null): Message {
    const created_at = new Date().toISOString();
    return draftMessage("user", { id: `msg_${crypto.randomUUID()}`, content, parent_id: parentId, created_at });
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
    send: (content: string) => void ask(newQuestion(content, state.head)),
    edit: (message: Message, content: string) => void ask(newQuestion(content, message.parent_id)),
    regenerate: (message: Message) =>
      answerAgain(message, (id, signal) => calls.regenerate(id, message.id, signal), false),
    continueAnswer: (message: Message) =>
      answerAgain(message, (id, signal) => calls.continueAnswer(id, message.id, signal), true),
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
      return conversationId && (await calls.forkAt(conversationId, message.id)).id;
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
    /** Goes on listening to an answer that was under way when the page came. */
    resume(): void {
      const id = conversationId;
      if (!id || !state.live || (following && !following.signal.aborted)) return;
      void follow(id, (signal) => calls.attach(id, state.live?.lastEventId ?? null, signal));
    },
    /** Leaves the stream. The answer goes on at the server. */
    leave(): void {
      following?.abort();
      following = null;
    },
  };
}

export type TurnSession = ReturnType<typeof createTurnSession>;
