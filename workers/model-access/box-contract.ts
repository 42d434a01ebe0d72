import { z } from "zod";

const boxModel = z.object({
  id: z.string().describe("What the model is chosen by: `ollama/` and its name."),
  name: z.string(),
  size_bytes: z.number().int().nullable().describe("On the box’s disk."),
  family: z.string().nullable(),
  parameters: z.string().nullable().describe("As its makers write it, such as `8.0B`."),
  quantization: z.string().nullable(),
  context_window: z
    .number()
    .int()
    .nullable()
    .describe("Tokens of prompt and answer together; null where the box does not say."),
  chat: z.boolean().nullable(),
  vision: z.boolean().nullable(),
  tools: z.boolean().nullable(),
  thinking: z.boolean().nullable(),
  remote: z.boolean().describe("Whether the box passes on what it is asked, to a cloud."),
});
export type WireBoxModel = z.output<typeof boxModel>;

export const boxModels = z.object({
  configured: z.boolean().describe("Whether there is a box: the installation’s, or the workspace’s own in its place."),
  payer: z.enum(["installation", "workspace"]).nullable().describe("Whose it is; null where there is none."),
  may_change: z.boolean().describe("Whether you may fetch, load and delete models there."),
  found: z
    .url()
    .nullable()
    .describe("Where an Ollama was found on this machine that OLLAMA_BASE_URL does not name. Nothing is sent there."),
  data: z.array(boxModel),
});

export const loadedModel = z.object({
  name: z.string(),
  size_bytes: z.number().int().nullable(),
  vram_bytes: z.number().int().nullable().describe("What of it is in the GPU’s memory; the rest is slow."),
  context_window: z.number().int().nullable().describe("The tokens that it is loaded for."),
  expires_at: z.iso.datetime({ offset: true }).nullable().describe("Until when it stays loaded; null for ever."),
});
export type WireLoadedModel = z.output<typeof loadedModel>;
const line = z.object({
  working: z.number().int().describe("How many calls the box is at work for."),
  waiting: z.number().int().describe("How many wait until it is their turn."),
});
export type WireLine = z.output<typeof line>;
export const loadedModels = z.object({ data: z.array(loadedModel), line });

export const namedModel = z.strictObject({
  model: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{1,200}$/, "Name a model of ollama.com/library, such as llama3.2 or qwen3:8b."),
});
