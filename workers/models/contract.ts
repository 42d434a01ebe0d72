import { z } from "zod";

export const model = z.object({
  id: z.string().describe("`provider/name`, such as `ollama/llama3.3:70b`."),
  provider: z.string(),
  name: z.string(),
  context_window: z.number().int().describe("Tokens of prompt and answer together."),
  vision: z.boolean(),
  tools: z.boolean(),
  price: z
    .object({ input_micro_credits: z.number().int(), output_micro_credits: z.number().int() })
    .nullable()
    .describe("Per 1,000 tokens; null where the owner pays the provider."),
  status: z.enum(["available", "unavailable", "unknown"]),
  lane: z
    .enum(["own", "cloud", "offline"])
    .describe("Whose machine answers: the owner’s own, somebody’s cloud, or what is built in."),
  offline: z.boolean().describe("True for the built-in reader, which quotes documents and writes nothing of its own."),
  default: z.boolean(),
});
export type Model = z.output<typeof model>;
export const modelList = z.object({ data: z.array(model) });
export const modelStatus = z.object({
  id: z.string(),
  status: model.shape.status,
  latency_ms: z.number().nullable(),
  detail: z.string().nullable(),
});

export const modelHealth = z.object({
  status: z.enum(["ok", "failing"]),
  model: z.string().nullable(),
  latency_ms: z.number().nullable(),
  detail: z.string().nullable(),
});
export type ModelHealth = z.output<typeof modelHealth>;
