import { z } from "zod";

/** A step of what happened for an answer. */
export const traceSpan = z.object({
  name: z
    .string()
    .describe(
      "turn, queue, search, embedding, index, rerank, rewriting, model, title or summary. Each model that was asked is one “model”, again each time.",
    ),
  parent: z.int().nonnegative().nullable().describe("The number, in this list, of the step that it is part of."),
  started_ms: z.int().describe("Milliseconds from when the question was asked."),
  duration_ms: z.int().nullable().describe("Null of what had not ended when it was written down."),
  error: z.string().nullable().describe("Why it failed, in a word."),
  attributes: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))
    .describe("By OpenTelemetry’s names: gen_ai.request.model, gen_ai.usage.input_tokens and others."),
});

/** What happened for an answer. */
export const messageTrace = z.object({
  message_id: z.string(),
  turn_id: z.string(),
  trace_id: z.string().describe("The id of the trace, as the collector has it."),
  started_at: z.iso.datetime(),
  spans: z.array(traceSpan),
  left_out: z.int().nonnegative().describe("How many steps there was no room for."),
});
