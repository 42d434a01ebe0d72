import type { Message } from "../workers/chat/contract.ts";
import type { ApiProblem } from "./api-problem.ts";
import { headOf, newestLeaf } from "./message-tree.ts";
import { draftMessage, type EventData, type Price, type TurnEvent, withMore } from "./turn-events.ts";
import type { Place, Waiting } from "./waiting.ts";

/** The answer that is being followed, or those of several models side by side. */
export interface LiveTurn {
  phase: "sending" | "streaming" | "reconnecting" | "stopping";
  /** The turn's id, where it was named before its start; of several, the first. */
  turnId: string | null;
  /** The answer's id, once the server has named it; of several, the first. */
  messageId: string | null;
  /** How many answers have not come to their end. */
  awaited: number;
  /** Null from its start on, and where it need not wait in line. */
  place: Place | null;
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
  /** What will be asked next, in this order. */
  waiting: readonly Waiting[];
  /** What the model costs that answered in another's place, by the answer's id; of those that were followed here. */
  prices: Readonly<Record<string, Price | null>>;
}

export type TurnAction =
  | { kind: "loaded"; messages: readonly Message[]; head: string | null; waiting: readonly Waiting[] }
  | { kind: "asked"; message: Message; answers?: number }
  | { kind: "waiting"; waiting: readonly Waiting[] }
  | { kind: "next" }
  | { kind: "answering"; messageId: string | null; parentId?: string | null; turnId?: string | null }
  | { kind: "received"; events: readonly TurnEvent[] }
  | { kind: "lost" }
  | { kind: "attached"; turnId: string | null }
  | { kind: "stopping" }
  | { kind: "failed"; problem: ApiProblem }
  | { kind: "settled" }
  | { kind: "told"; messages: readonly Message[] }
  | { kind: "chosen"; messageId: string }
  | { kind: "withdrawn"; messageId: string };

export const nothingSaid: TurnState = { messages: [], head: null, live: null, failure: null, waiting: [], prices: {} };

/** An answer of which nothing has come. */
function expected(known: Partial<LiveTurn>): LiveTurn {
  return { phase: "sending", turnId: null, messageId: null, awaited: 1, place: null, lastEventId: null, ...known };
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

/** The answer beside which this one is written, where several models answer one question. */
function besideOf({ live, messages }: TurnState, data: EventData<"start">): Message | undefined {
  if (!live?.messageId || live.messageId === data.message_id) return undefined;
  return messages.find(({ id, parent_id }) => id === live.messageId && parent_id === data.user_message_id);
}

function started(state: TurnState, data: EventData<"start">, lastEventId: string | null): TurnState {
  const beside = besideOf(state, data);
  const isCompared = beside !== undefined || (state.live?.awaited ?? 1) > 1;
  const known = state.messages.find(({ id }) => id === data.message_id);
  const fresh = draftMessage("assistant", {
    ...known,
    id: data.message_id,
    parent_id: data.user_message_id,
    turn_id: data.turn_id,
    model: data.model,
    status: "running",
    error_code: null,
    compare_group: isCompared ? (beside?.turn_id ?? data.turn_id) : null,
    // The events that follow tell the turn from its first word, whatever of it an earlier attachment showed.
    content: known?.content.slice(0, data.offset) ?? "",
    reasoning: null,
  });
  return {
    ...state,
    messages: upsert(state.messages, fresh),
    head: beside ? state.head : data.message_id,
    live: {
      ...expected(state.live ?? {}),
      phase: state.live?.phase === "stopping" ? "stopping" : "streaming",
      messageId: beside?.id ?? data.message_id,
      place: null,
      lastEventId,
    },
    failure: null,
  };
}

/** One answer has come to its end: the turn lives on while others beside it are written. */
function endedOne(live: LiveTurn | null): LiveTurn | null {
  return live && live.awaited > 1 ? { ...live, awaited: live.awaited - 1 } : null;
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
    case "queue": {
      const { position, expected_wait_ms: expectedWaitMs, fallback: instead = null } = event.data;
      return { ...moved, live: moved.live && { ...moved.live, place: { position, expectedWaitMs, instead } } };
    }
    case "fallback": {
      const id = event.data.message_id ?? answer ?? "";
      const fallen = change(moved, id, (message) => withMore(message, event));
      return { ...fallen, prices: { ...moved.prices, [id]: event.data.price } };
    }
    case "citation":
    case "token":
    case "reasoning":
      return change(moved, event.data.message_id ?? answer, (message) => withMore(message, event));
    case "done":
      // Taken back in line: an answer that was to be continued stays as it was.
      if (moved.live?.place) return { ...moved, live: endedOne(moved.live) };
      return {
        ...change(moved, event.data.message_id, (message) => ({
          ...message,
          status: event.data.finish_reason === "stopped" ? "stopped" : "complete",
          finish_reason: event.data.finish_reason,
          dropped_citations: event.data.dropped_citations ?? 0,
          usage: event.data.usage,
          cost: event.data.cost,
        })),
        live: endedOne(moved.live),
      };
    case "error":
      return {
        ...change(moved, event.data.message_id, (message) => ({
          ...message,
          status: event.data.code === "INTERRUPTED" ? "interrupted" : "failed",
          error_code: event.data.code,
        })),
        live: endedOne(moved.live),
        // Of several, the one that failed says so in its place.
        failure: isSideBySide(moved)
          ? null
          : { status: 200, code: event.data.code, detail: event.data.error, errors: [], retryAfterSeconds: null },
      };
    default:
      return moved;
  }
}

/** Whether the answer that is followed has others beside it. */
function isSideBySide({ live, messages }: TurnState): boolean {
  return messages.some(({ id, compare_group }) => id === live?.messageId && compare_group !== null);
}

/** Whether two answers are of one turn: they are one, or stand side by side. */
const isBeside = (one: Message, other: Message) =>
  one.id === other.id || (one.compare_group !== null && one.compare_group === other.compare_group);

/** Takes in what the server has: the answer that is being written is to be followed, else the question that waited longest. */
function loaded(state: TurnState, { messages, head, waiting }: Extract<TurnAction, { kind: "loaded" }>): TurnState {
  const running = messages.findLast(({ status }) => status === "running");
  const group = messages.filter((message) => running && isBeside(message, running));
  const [first] = group;
  const tree = { ...state, messages, head: headOf(messages, first?.id ?? head ?? state.head), waiting };
  return first
    ? { ...tree, live: expected({ phase: "reconnecting", messageId: first.id, awaited: group.length }) }
    : next({ ...tree, live: null });
}

/** The question that waited longest is to be answered: anew, beside other answers, or by more of one that was cut off. */
function next(state: TurnState): TurnState {
  const [first, ...waiting] = state.waiting;
  if (!first) return state;
  const { turnIds, questionId, messageId, content, createdAt } = first;
  const isThere = (id: string) => state.messages.some((message) => message.id === id);
  const [turnId = null] = turnIds;
  const begun = { ...state, waiting, failure: null };
  if (isThere(messageId)) return { ...begun, live: expected({ turnId, messageId }) };
  const question = draftMessage("user", { id: questionId, content, parent_id: state.head, created_at: createdAt });
  return {
    ...begun,
    messages: isThere(questionId) ? state.messages : [...state.messages, question],
    head: questionId,
    live: expected({ turnId, awaited: turnIds.length }),
  };
}

/** The answer, with the stream that tells of it come back. */
const attached = (live: LiveTurn, turnId: string | null): LiveTurn => ({
  ...live,
  phase: live.phase === "reconnecting" ? "streaming" : live.phase,
  turnId: turnId ?? live.turnId,
});

/** Takes in what only the server knows of answers that were written here: on whose machine, and what they were bound to. */
function told(state: TurnState, stored: readonly Message[]): TurnState {
  const byId = new Map(stored.map((message) => [message.id, message]));
  const messages = state.messages.map((message) => {
    const { lane, privacy } = byId.get(message.id) ?? message;
    return message.status === "running" || message.lane === lane ? message : { ...message, lane, privacy };
  });
  return messages.some((message, at) => message !== state.messages[at]) ? { ...state, messages } : state;
}

/** The whole of a chat's behaviour over time: no clock, no network, no React. */
export function turnReducer(state: TurnState, action: TurnAction): TurnState {
  switch (action.kind) {
    case "loaded":
      return loaded(state, action);
    case "asked":
      return {
        ...state,
        messages: upsert(state.messages, action.message),
        head: action.message.id,
        live: expected({ awaited: action.answers ?? 1 }),
        failure: null,
      };
    case "answering":
      return {
        ...state,
        // A new answer to an old question: the old one leaves the branch at once.
        head: action.parentId ?? state.head,
        live: expected({ messageId: action.messageId, turnId: action.turnId ?? null }),
        failure: null,
      };
    case "received":
      return action.events.reduce(received, state);
    case "lost":
      return state.live ? { ...state, live: { ...state.live, phase: "reconnecting" } } : state;
    case "attached":
      return state.live ? { ...state, live: attached(state.live, action.turnId) } : state;
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
    case "told":
      return told(state, action.messages);
    case "waiting":
      return { ...state, waiting: action.waiting };
    case "next":
      return next(state);
    case "chosen":
      return { ...state, head: newestLeaf(state.messages, action.messageId), failure: null };
    case "withdrawn": {
      const parent = state.messages.find(({ id }) => id === action.messageId)?.parent_id ?? null;
      const messages = state.messages.filter(({ id }) => id !== action.messageId);
      return { ...state, messages, head: parent ?? headOf(messages, null), live: null, failure: null };
    }
  }
}
