import type { z } from "zod";
import type { Message, turnEvents } from "../../workers/chat/contract.ts";
import type { ApiProblem } from "../api-problem.ts";
import { headOf, newestLeaf } from "./message-tree.ts";

type EventData<K extends keyof typeof turnEvents> = z.output<(typeof turnEvents)[K]>;

/** One event of a turn's stream. Kinds that this client does not know are passed through and skipped here. */
export type TurnEvent = {
  [K in keyof typeof turnEvents]: { id: string | null; event: K; data: EventData<K> };
}[keyof typeof turnEvents];

/** The answer that is being followed. */
export interface LiveTurn {
  phase: "sending" | "streaming" | "reconnecting" | "stopping";
  /** The answer's id, once the server has named it. */
  messageId: string | null;
  /** The last event that was applied: where a resumed stream goes on. */
  lastEventId: string | null;
}

export interface TurnState {
  /** In order of their making; ids are unique. */
  messages: readonly Message[];
  /** The last message of the branch that is shown. */
  head: string | null;
  live: LiveTurn | null;
  /** What the person has to see at the end of the branch. */
  failure: ApiProblem | null;
}

export type TurnAction =
  | { kind: "loaded"; messages: readonly Message[]; head: string | null }
  | { kind: "asked"; message: Message }
  | { kind: "answering"; messageId: string | null; parentId?: string | null }
  | { kind: "received"; events: readonly TurnEvent[] }
  | { kind: "lost" }
  | { kind: "attached" }
  | { kind: "stopping" }
  | { kind: "failed"; problem: ApiProblem }
  | { kind: "settled" }
  | { kind: "chosen"; messageId: string }
  | { kind: "withdrawn"; messageId: string };

export const nothingSaid: TurnState = { messages: [], head: null, live: null, failure: null };

/** A message as it stands before the server has said anything about it. */
export function draftMessage(role: Message["role"], fields: Partial<Message> & { id: string }): Message {
  return {
    parent_id: null,
    role,
    content: "",
    citations: [],
    status: role === "user" ? "complete" : "running",
    finish_reason: null,
    error_code: null,
    model: null,
    turn_id: null,
    compare_group: null,
    usage: null,
    created_at: new Date(0).toISOString(),
    ...fields,
  };
}

function upsert(messages: readonly Message[], message: Message): readonly Message[] {
  const at = messages.findIndex(({ id }) => id === message.id);
  return at < 0 ? [...messages, message] : messages.with(at, message);
}

function change(state: TurnState, id: string | null, edit: (message: Message) => Message): TurnState {
  const at = state.messages.findIndex((message) => message.id === id);
  const found = state.messages[at];
  return found ? { ...state, messages: state.messages.with(at, edit(found)) } : state;
}

/** Event ids only grow; anything that is not beyond the last one has been seen. */
function seen(last: string | null, id: string | null): boolean {
  if (last === null || id === null) return false;
  const [before, now] = [Number(last), Number(id)];
  return Number.isNaN(before) || Number.isNaN(now) ? last === id : now <= before;
}

function started(state: TurnState, data: EventData<"start">, lastEventId: string | null): TurnState {
  const known = state.messages.find(({ id }) => id === data.message_id);
  const fresh = draftMessage("assistant", {
    ...known,
    id: data.message_id,
    parent_id: data.user_message_id,
    turn_id: data.turn_id,
    model: data.model,
    status: "running",
    error_code: null,
    // The events that follow tell the turn from its first word, whatever of it an earlier attachment showed.
    content: known?.content.slice(0, data.offset) ?? "",
  });
  return {
    ...state,
    messages: upsert(state.messages, fresh),
    head: data.message_id,
    live: {
      phase: state.live?.phase === "stopping" ? "stopping" : "streaming",
      messageId: data.message_id,
      lastEventId,
    },
    failure: null,
  };
}

function received(state: TurnState, event: TurnEvent): TurnState {
  if (seen(state.live?.lastEventId ?? null, event.id)) return state;
  const lastEventId = event.id ?? state.live?.lastEventId ?? null;
  if (event.event === "start") return started(state, event.data, lastEventId);
  const answer = state.live?.messageId ?? null;
  const moved: TurnState = state.live
    ? {
        ...state,
        live: { ...state.live, phase: state.live.phase === "stopping" ? "stopping" : "streaming", lastEventId },
      }
    : state;
  switch (event.event) {
    case "citation":
      return change(moved, answer, (message) => ({
        ...message,
        citations: [...message.citations.filter(({ index }) => index !== event.data.index), event.data],
      }));
    case "token":
      return change(moved, answer, (message) => ({ ...message, content: message.content + event.data.content }));
    case "done":
      return {
        ...change(moved, event.data.message_id, (message) => ({
          ...message,
          status: event.data.finish_reason === "stopped" ? "stopped" : "complete",
          finish_reason: event.data.finish_reason,
          usage: event.data.usage,
        })),
        live: null,
      };
    case "error":
      return {
        ...change(moved, event.data.message_id, (message) => ({
          ...message,
          status: event.data.code === "INTERRUPTED" ? "interrupted" : "failed",
          error_code: event.data.code,
        })),
        live: null,
        failure: { status: 200, code: event.data.code, detail: event.data.error, errors: [], retryAfterSeconds: null },
      };
    default:
      return moved;
  }
}

/** Takes in the server's tree, keeping a question that the server has not got yet. */
function loaded(state: TurnState, messages: readonly Message[], remembered: string | null): TurnState {
  const running = messages.findLast(({ status }) => status === "running");
  return {
    ...state,
    messages,
    head: headOf(messages, running?.id ?? remembered ?? state.head),
    live: running ? { phase: "reconnecting", messageId: running.id, lastEventId: null } : null,
  };
}

/** The whole of a chat's behaviour over time: no clock, no network, no React. */
export function turnReducer(state: TurnState, action: TurnAction): TurnState {
  switch (action.kind) {
    case "loaded":
      return loaded(state, action.messages, action.head);
    case "asked":
      return {
        ...state,
        messages: upsert(state.messages, action.message),
        head: action.message.id,
        live: { phase: "sending", messageId: null, lastEventId: null },
        failure: null,
      };
    case "answering":
      return {
        ...state,
        // A new answer to an old question: the old one leaves the branch at once.
        head: action.parentId ?? state.head,
        live: { phase: "sending", messageId: action.messageId, lastEventId: null },
        failure: null,
      };
    case "received":
      return action.events.reduce(received, state);
    case "lost":
      return state.live ? { ...state, live: { ...state.live, phase: "reconnecting" } } : state;
    case "attached":
      return state.live?.phase === "reconnecting" ? { ...state, live: { ...state.live, phase: "streaming" } } : state;
    case "stopping":
      return state.live ? { ...state, live: { ...state.live, phase: "stopping" } } : state;
    case "failed":
      return {
        ...state,
        // A refused new answer leaves the earlier one in its place.
        head: state.head && newestLeaf(state.messages, state.head),
        live: null,
        failure: action.problem,
      };
    case "settled":
      return { ...state, live: null };
    case "chosen":
      return { ...state, head: newestLeaf(state.messages, action.messageId), failure: null };
    case "withdrawn": {
      const parent = state.messages.find(({ id }) => id === action.messageId)?.parent_id ?? null;
      const messages = state.messages.filter(({ id }) => id !== action.messageId);
      return { ...state, messages, head: parent ?? headOf(messages, null), live: null, failure: null };
    }
  }
}
