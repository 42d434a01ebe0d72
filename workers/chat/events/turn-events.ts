import { presentPrice } from "../../models/present.ts";
import type { Place } from "../../platform/limits/line.ts";
import type { StoredCitation } from "../answer/stored-citation.ts";
import type { TurnInput } from "../answer/turn-input.ts";
import type { Fallback, Instead } from "../answer/write-answer.ts";
import type { Citation } from "../contract.ts";
import { presentCitation, presentUsage, type Usage } from "../present.ts";

/** An event of a turn's stream, as `turnEvents` of the contract describes it. */
export interface StreamEvent {
  event: "queue" | "start" | "fallback" | "reasoning" | "citation" | "token" | "done" | "error";
  data: object;
}

/** What tells the events of turns apart that share a stream; turns that are alone need nothing. */
interface Tag {
  message_id?: string;
}

/** What tells a turn's events from those of others in its stream. */
export function tagOf({ messageId, compareGroup }: Pick<TurnInput, "messageId" | "compareGroup">): Tag {
  return compareGroup === null ? {} : { message_id: messageId };
}

/** `instead` is what would answer in the place of a model that has to be waited for. */
export const queueEvent = (
  { position, expectedWaitMs }: Place,
  tag: Tag,
  instead: Instead | null = null,
): StreamEvent => ({
  event: "queue",
  data: {
    position,
    expected_wait_ms: expectedWaitMs,
    fallback: instead && { model: instead.model, price: instead.price && presentPrice(instead.price) },
    ...tag,
  },
});

interface Start {
  turnId: string | null;
  messageId: string;
  questionId: string | null;
  model: string | null;
  /** Characters of the answer that stood before the turn. */
  offset: number;
}

export const startEvent = ({ turnId, messageId, questionId, model, offset }: Start): StreamEvent => ({
  event: "start",
  data: { turn_id: turnId, message_id: messageId, user_message_id: questionId, model, offset },
});

export const citationEvent = (citation: StoredCitation, tag: Tag): StreamEvent => ({
  event: "citation",
  data: { ...presentCitation(citation), ...tag },
});

export const tokenEvent = (content: string, tag: Tag): StreamEvent => ({
  event: "token",
  data: { content, finish_reason: null, ...tag },
});

export const reasoningEvent = (content: string, tag: Tag): StreamEvent => ({
  event: "reasoning",
  data: { content, ...tag },
});

export const fallbackEvent = ({ from, to: { id: to, price }, reason }: Fallback, tag: Tag): StreamEvent => ({
  event: "fallback",
  data: { from, to, reason, price: price && presentPrice(price), ...tag },
});

/** The citation that a `citation` event told of. */
export function storedCitation({ document_id, message_id: _, ...rest }: Citation & Tag): StoredCitation {
  return { ...rest, documentId: document_id };
}

interface End extends Usage {
  messageId: string;
  finishReason: string | null;
  /** What it cost; null where no price is known. */
  microCredits: number | null;
  droppedCitations: number;
  /** Null of an answer that came to its end, or was stopped. */
  error: { code: string; message: string } | null;
}

/** The event that ends a turn's stream. */
export function endEvent(end: End): StreamEvent {
  const message_id = end.messageId;
  if (end.error) return { event: "error", data: { error: end.error.message, code: end.error.code, message_id } };
  return {
    event: "done",
    data: {
      finish_reason: end.finishReason ?? "stop",
      usage: presentUsage(end),
      cost: { micro_credits: end.microCredits },
      message_id,
      dropped_citations: end.droppedCitations,
    },
  };
}
