import { z } from "zod";
import { chunkingStrategies } from "../reading/chunking.ts";
import { searchMode } from "./contract.ts";

const chunkingConfig = z.strictObject({
  strategy: z
    .enum(chunkingStrategies)
    .default("structure")
    .describe("Cut at headings, pages and sentences; at pages and sentences; or at the size alone."),
  size: z.number().int().min(50).max(1_000).default(225).describe("Tokens of a passage at most."),
  overlap: z.number().int().min(0).max(500).default(50).describe("Tokens at most that neighbouring passages share."),
});

const embeddingConfig = z.strictObject({
  model: z.string().min(1).max(200).nullable().default(null).describe("null is the installation’s embedding model."),
});

const retrievalConfig = z.strictObject({
  method: searchMode.default("hybrid"),
  top_k: z.number().int().min(1).max(50).default(8).describe("How many passages an answer is made from."),
  rewrite: z
    .boolean()
    .default(true)
    .describe("Has the answering model say a follow-up so that it can be searched by itself; costs a short call."),
  reranker: z
    .string()
    .min(1)
    .max(200)
    .nullable()
    .default(null)
    .describe("Puts what was found into the order in which it answers. null is the installation’s; “none” is none."),
  threshold: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe(
      "Passages that score lower are left out; where none is left, the answer is that the documents do not say.",
    ),
});

/** How a clone reads its documents and finds answers in them; what is left out is as by default. */
export const pipelineConfig = z
  .strictObject({
    chunking: chunkingConfig.prefault({}),
    embedding: embeddingConfig.prefault({}),
    retrieval: retrievalConfig.prefault({}),
  })
  .refine(({ chunking }) => chunking.overlap <= chunking.size / 2, {
    path: ["chunking", "overlap"],
    message: "The overlap may be at most half of the size.",
  });
export type PipelineConfig = z.output<typeof pipelineConfig>;

export const pipelineState = pipelineConfig.safeExtend({
  refreshing: z
    .number()
    .int()
    .describe("Documents that are being read anew by this configuration; the old passages answer until then."),
  refresh_error: z
    .string()
    .optional()
    .describe("Why that failed with one of them the last time; it is tried again within the hour."),
});
export type Refreshing = Pick<z.output<typeof pipelineState>, "refreshing" | "refresh_error">;
