import type { z } from "zod";
import type { waitingQuestion } from "../workers/chat/contract.ts";
import type { EventData } from "./turn-events.ts";

/** A model that would answer at once, and what that costs. */
export type Instead = NonNullable<EventData<"queue">["fallback"]>;

/** Where a question stands in line, where many come at once: 1 is next. */
export interface Place {
  position: number;
  expectedWaitMs: number;
  instead: Instead | null;
}

/** A question that waits at the server for the end of the answer that is being written, or stands in line. */
export interface Waiting {
  /** One for each model that will answer it. */
  turnIds: readonly string[];
  questionId: string;
  /** The answer that will be written, or be continued; of several, the first. */
  messageId: string;
  content: string;
  createdAt: string;
}

/** The questions of the turns that wait, in their order. */
export function waitingOf(turns: readonly z.output<typeof waitingQuestion>[]): Waiting[] {
  return [...Map.groupBy(turns, (turn) => turn.user_message_id)].flatMap(([questionId, [first, ...beside]]) => {
    if (!first) return [];
    const { message_id: messageId, content, created_at: createdAt } = first;
    return [{ turnIds: [first, ...beside].map(({ turn_id }) => turn_id), questionId, messageId, content, createdAt }];
  });
}
