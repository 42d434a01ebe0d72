import type { z } from "zod";
import type { Message } from "../workers/chat/contract.ts";
import type { turnEvents } from "../workers/chat/events-contract.ts";

/** What an event says. */
export type EventData<K extends keyof typeof turnEvents> = z.output<(typeof turnEvents)[K]>;

/** What a model costs. */
export type Price = NonNullable<EventData<"fallback">["price"]>;

/** One event of a turn's stream. Kinds that this client does not know are passed through and skipped here. */
export type TurnEvent = {
  [K in keyof typeof turnEvents]: { id: string | null; event: K; data: EventData<K> };
}[keyof typeof turnEvents];

/** A message as it stands before the server has said anything about it. */
export function draftMessage(role: Message["role"], fields: Partial<Message> & { id: string }): Message {
  return {
    parent_id: null,
    role,
    content: "",
    citations: [],
    status: role === "user" ? "complete" : "running",
    finish_reason: null,
    dropped_citations: 0,
    error_code: null,
    model: null,
    asked_model: null,
    fallback_reason: null,
    lane: null,
    privacy: null,
    reasoning: null,
    turn_id: null,
    compare_group: null,
    usage: null,
    cost: null,
    created_at: new Date(0).toISOString(),
    ...fields,
  };
}

/** An answer with what an event adds to it. */
export function withMore(
  message: Message,
  event: Extract<TurnEvent, { event: "citation" | "token" | "reasoning" | "fallback" }>,
): Message {
  switch (event.event) {
    case "citation":
      return {
        ...message,
        citations: [...message.citations.filter(({ index }) => index !== event.data.index), event.data],
      };
    case "token":
      return { ...message, content: message.content + event.data.content };
    case "reasoning":
      return { ...message, reasoning: (message.reasoning ?? "") + event.data.content };
    case "fallback": {
      const { from, to, reason } = event.data;
      return { ...message, model: to, asked_model: message.asked_model ?? from, fallback_reason: reason };
    }
  }
}
