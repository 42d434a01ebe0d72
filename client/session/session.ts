import type { Message } from "../../workers/chat/contract.ts";
import { problemOf } from "../api-problem.ts";
import { createConversation, readConversation } from "../conversation-calls.ts";
import { type ConversationSettings, usualSettings } from "../conversation-settings.ts";
import { nothingSaid, type TurnAction, type TurnState, turnReducer } from "../turn-reducer.ts";
import type { Waiting } from "../waiting.ts";
import { asVisitorOf } from "./visitor.ts";

export interface SessionOptions {
  cloneId: string | null;
  /** The slug of the public page this chat stands on, or null inside the app. */
  visitorOf: string | null;
  conversationId: string | null;
  messages: readonly Message[];
  head: string | null;
  waiting: readonly Waiting[];
  onConversation: (id: string) => void;
  onTurnEnd: () => void;
}

/** One chat as its verbs share it. */
export interface Session extends Pick<SessionOptions, "cloneId" | "visitorOf" | "onConversation" | "onTurnEnd"> {
  state: TurnState;
  listeners: Set<() => void>;
  /** Null until the first question. */
  conversationId: string | null;
  /** How the conversation is to be asked, for as long as there is none. */
  settings: ConversationSettings;
  /** The conversation that is being made. */
  creating: Promise<string> | null;
  /** Ends the listening to the turn that is followed. */
  following: AbortController | null;
  /** Does once more what failed. */
  retry: (() => void) | null;
}

export function newSession({ messages, head, waiting, ...options }: SessionOptions): Session {
  return {
    ...options,
    state: turnReducer(nothingSaid, { kind: "loaded", messages, head, waiting }),
    listeners: new Set(),
    settings: usualSettings,
    creating: null,
    following: null,
    retry: null,
  };
}

export function dispatch(session: Session, action: TurnAction): void {
  session.state = turnReducer(session.state, action);
  for (const listener of session.listeners) listener();
}

/** Shows why something failed, at the end of the branch. */
export function fail(session: Session, error: unknown): void {
  dispatch(session, { kind: "failed", problem: problemOf(error) });
}

/** Takes in the messages as they are stored. */
export async function reload(session: Session): Promise<void> {
  if (!session.conversationId) return;
  const { messages, head, waiting } = await readConversation(session.conversationId);
  dispatch(session, { kind: "loaded", messages, head, waiting });
}

/** The conversation's id; makes one where there is none. */
export async function ensureConversation(session: Session): Promise<string> {
  if (session.conversationId) return session.conversationId;
  session.creating ??= create(session).finally(() => {
    session.creating = null;
  });
  return session.creating;
}

async function create(session: Session): Promise<string> {
  const call = () => createConversation(session.cloneId, session.settings);
  const { id } = await (session.visitorOf === null ? call() : asVisitorOf(session.visitorOf, call));
  session.conversationId = id;
  session.onConversation(id);
  return id;
}
