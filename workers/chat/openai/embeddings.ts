import { z } from "zod";
import type { ModelUse } from "../../model-access/use.ts";
import { chosenEmbedderFor, embedderFor } from "../../model-access/workspace-models.ts";
import { offlineHashId } from "../../models/offline-ids.ts";
import type { Embedder } from "../../models/ports/embedder.ts";
import { isProblem, Problem } from "../../platform/errors.ts";
import { load } from "../../platform/limits/overload.ts";
import { estimateTokens } from "../../text/tokens.ts";
import type { Context } from "../../workspaces/context.ts";
import { operation } from "../../workspaces/operation.ts";
import { anyQuery, openaiTags } from "./openai-contract.ts";
import { UnknownModel } from "./openai-errors.ts";
import { cloneNamed } from "./openai-models.ts";

const mostTexts = 2_048;
const longestText = 32_000;
/** Of all texts together: so many may be embedded while somebody waits. */
const mostCharacters = 1_200_000;

const text = z
  .string("Send texts: this server takes no tokens.")
  .min(1, "A text must say something.")
  .max(longestText, `Use at most ${longestText.toLocaleString("en")} characters a text.`);

const embeddingsInput = z.looseObject({
  model: z.string("Name an embedding model, as /api/v1 knows it: “openai/…” or “offline/hash”.").min(1).max(200),
  input: z.union(
    [
      text,
      z
        .array(text)
        .min(1, "Send at least one text.")
        .max(mostTexts, `Send at most ${mostTexts.toLocaleString("en")} texts.`)
        .refine(
          (texts) => texts.reduce((sum, { length }) => sum + length, 0) <= mostCharacters,
          `Use at most ${mostCharacters.toLocaleString("en")} characters in all texts.`,
        ),
    ],
    "Send a text or a list of texts; this server takes no tokens.",
  ),
  dimensions: z.number().int().min(1).max(99_999).nullish(),
  encoding_format: z.enum(["float", "base64"], "The encoding is “float” or “base64”.").nullish(),
});

export const embeddings = z.object({
  object: z.literal("list"),
  data: z.array(
    z.object({
      object: z.literal("embedding"),
      index: z.number().int(),
      embedding: z
        .union([z.array(z.number()), z.string()])
        .describe("Of unit length; in base64, numbers of four bytes, the lowest first."),
    }),
  ),
  model: z.string(),
  usage: z
    .object({ prompt_tokens: z.number().int(), total_tokens: z.number().int() })
    .describe("Estimated from the texts."),
});

/** The embedder that a client names; another size is part of the name. Throws `UnknownModel`, `validation_failed`. */
async function embedderNamed(ctx: Context, model: string, dimensions: number | null): Promise<Embedder> {
  const { actor } = ctx;
  if (actor.kind !== "user" || (await cloneNamed(ctx, model))) throw new UnknownModel(model);
  const use: ModelUse = {
    workspaceId: actor.workspaceId,
    privacy: null,
    purpose: "embedding",
    userId: actor.userId,
    keyId: actor.keyId,
    cloneId: null,
    conversationId: null,
    turnId: null,
  };
  const isSized = dimensions !== null && model !== offlineHashId;
  const id = isSized ? `${model}?dimensions=${dimensions}` : model;
  // What no provider lists is not sent to one.
  await chosenEmbedderFor(ctx, use, id).catch((error) => {
    throw isProblem(error) && error.code === "validation_failed" ? new UnknownModel(model) : error;
  });
  const embedder = await embedderFor(ctx, use, id);
  if (dimensions === null || isSized || embedder.dimensions === dimensions) return embedder;
  const message = `“${model}” makes vectors of ${embedder.dimensions} numbers. Leave “dimensions” out.`;
  throw new Problem("validation_failed", message, { errors: [{ path: "dimensions", message }] });
}

async function vectorsOf({ embed, batchSize }: Embedder, texts: string[]): Promise<Float32Array[]> {
  const vectors: Float32Array[] = [];
  for (let at = 0; at < texts.length; at += batchSize)
    vectors.push(...(await embed(texts.slice(at, at + batchSize), { purpose: "document" })));
  return vectors;
}

const base64Of = ({ buffer, byteOffset, byteLength }: Float32Array) =>
  Buffer.from(buffer, byteOffset, byteLength).toString("base64");

/** Throws `UnknownModel`, `validation_failed`, `model_unavailable`. */
export const embedTexts = operation({
  summary: "Vectors of texts, in OpenAI’s wire",
  tags: openaiTags,
  action: "conversation.write",
  scope: "chat",
  limit: "chat",
  bodyLimit: { bytes: 5_000_000 },
  audit: { nothing: "it answers and stores nothing" },
  query: anyQuery,
  input: embeddingsInput,
  run: (ctx, { body: { model, input, dimensions, encoding_format } }) =>
    load.enter(async () => {
      const texts = typeof input === "string" ? [input] : input;
      const vectors = await vectorsOf(await embedderNamed(ctx, model, dimensions ?? null), texts);
      const tokens = texts.reduce((sum, each) => sum + estimateTokens(each), 0);
      return {
        object: "list" as const,
        data: vectors.map((vector, index) => ({
          object: "embedding" as const,
          index,
          embedding: encoding_format === "base64" ? base64Of(vector) : [...vector],
        })),
        model,
        usage: { prompt_tokens: tokens, total_tokens: tokens },
      };
    }),
});
