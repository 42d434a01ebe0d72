import { z } from "zod";
import { fallbackReason } from "../model-access/parameters-contract.ts";
import { model } from "../models/contract.ts";
import { citation, droppedCitations, usage } from "./contract.ts";

const modelPrice = model.shape.price.unwrap();

/** In a stream of several turns side by side, what tells them apart. */
const tag = { message_id: z.string().optional() };

/**
 * The events of a turn's stream by name, with the shape of their data. Exactly one of `done` or `error` ends it; where several
 * turns share a stream, each of them has its own.
 */
export const turnEvents = {
  queue: z.object({
    position: z.number().int().describe("Where the question stands in line, where many come at once: 1 is next."),
    expected_wait_ms: z.number().int(),
    fallback: z
      .object({ model: z.string(), price: modelPrice.nullable() })
      .nullish()
      .describe(
        "What would answer at once, and what that costs: `POST …/fall-back` has it asked. Null where there is nothing.",
      ),
    ...tag,
  }),
  start: z.object({
    turn_id: z.string(),
    message_id: z.string(),
    user_message_id: z.string(),
    model: z.string(),
    offset: z
      .number()
      .int()
      .describe("Characters of the answer that stood before this turn: 0 but for a continued one."),
  }),
  citation: citation.extend(tag),
  token: z.object({ content: z.string(), finish_reason: z.null(), ...tag }),
  reasoning: z.object({
    content: z.string().describe("More of what the model thinks aloud, no part of the answer."),
    ...tag,
  }),
  fallback: z.object({
    from: z.string(),
    to: z.string().describe("The model that is asked now, before anything was said."),
    reason: fallbackReason,
    price: modelPrice.nullable().describe("What the other one costs; null where that is unknown."),
    ...tag,
  }),
  done: z.object({
    finish_reason: z.enum(["stop", "length", "stopped"]),
    usage,
    cost: z.object({ micro_credits: z.number().int() }),
    message_id: z.string(),
    dropped_citations: droppedCitations,
  }),
  error: z.object({
    error: z.string(),
    code: z.enum(["RATE_LIMITED", "MODEL_UNAVAILABLE", "INSUFFICIENT_CREDITS", "INTERRUPTED", "INTERNAL"]),
    message_id: z.string(),
  }),
} as const;
