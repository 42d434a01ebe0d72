import { z } from "zod";

const microCredits = z.number().int();
const rates = {
  input: microCredits,
  output: microCredits.describe("Thoughts included."),
  cache_read: microCredits.describe("Tokens of the prompt that the provider had kept from a call before."),
  cache_write: microCredits.describe("Tokens of the prompt that it keeps for the next."),
};
const price = z.object({
  id: z.string().describe("The row that it is from; what is metered keeps it."),
  date: z.iso
    .date()
    .nullable()
    .describe("As of which day it is known; null of what costs nothing on a machine of one’s own."),
  ...rates,
  tiers: z
    .array(z.object({ above: z.number().int(), ...rates }))
    .describe("What a whole call costs instead where its prompt has more tokens than `above`."),
});

export const model = z.object({
  id: z.string().describe("`provider/name`, such as `ollama/llama3.3:70b`."),
  provider: z.string(),
  name: z.string(),
  lane: z
    .enum(["own", "cloud", "offline"])
    .describe("Whose machine it answers on: the owner’s, somebody’s cloud, or none, as it is built in."),
  payer: z
    .enum(["installation", "workspace"])
    .nullable()
    .describe(
      "Whose key pays, and whose server it is: the installation’s, or the workspace’s own; null of what is built in.",
    ),
  context_window: z
    .number()
    .int()
    .nullable()
    .describe("Tokens of prompt and answer together; null where nobody knows: 32,768 are worked with then."),
  output_limit: z.number().int().nullable().describe("Tokens that an answer may have; null where nobody knows."),
  vision: z.boolean().describe("True where it is known to see pictures."),
  tools: z.boolean().describe("True where it is known to call tools."),
  reasoning: z.boolean().describe("True where it is known to think before it answers."),
  price: price
    .nullable()
    .describe("In micro-credits for 1,000,000 tokens; null where nobody knows, which is not the same as 0."),
  status: z.enum(["available", "unavailable", "unknown"]),
  offline: z.boolean().describe("True for the built-in reader, which quotes documents and writes nothing of its own."),
  default: z.boolean(),
});
export type Model = z.output<typeof model>;
const unavailableProvider = z.object({
  provider: z.string(),
  payer: model.shape.payer.unwrap(),
  detail: z.string().describe("Why it could not be asked, for a person."),
});
export const modelList = z.object({
  data: z.array(model),
  unavailable: z
    .array(unavailableProvider)
    .describe("Providers that are set up, and did not say which models they have."),
});
export type ModelList = z.output<typeof modelList>;
export const modelListQuery = z.strictObject({
  default: z
    .literal("true")
    .optional()
    .describe("Only the one that answers where none was chosen; no list is asked for."),
});
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
