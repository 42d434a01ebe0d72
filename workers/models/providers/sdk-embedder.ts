import type { EmbeddingModelV4, EmbeddingModelV4CallOptions } from "@ai-sdk/provider";
import type { Connection } from "../ports/connection.ts";
import type { Embedder } from "../ports/embedder.ts";
import { countOf } from "./counts.ts";
import { problemOfEmbedding } from "./embedding-failure.ts";
import { parsedName } from "./embedding-name.ts";
import { vectorsIn } from "./vectors.ts";

type EmbedOptions = Parameters<Embedder["embed"]>[1];

/** What an embedding model is made of that an SDK asks. */
interface SdkEmbedder {
  connection: Connection;
  name: string;
  /** How many texts one call may carry. */
  batchSize: number;
  /** Loads the SDK, and makes its model `name`. */
  make(name: string): Promise<EmbeddingModelV4>;
  /** What the SDK is told beside the texts. */
  optionsFor?(purpose: EmbedOptions["purpose"]): EmbeddingModelV4CallOptions["providerOptions"];
  /** The tokens that the provider says it has read, in an answer of which the SDK does not tell them. */
  tokensIn?(body: unknown): unknown;
}

/** An embedding model that an SDK asks, which is loaded when the first text is embedded; vectors are scaled to unit length. */
export function sdkEmbedder({ connection, name, batchSize, make, optionsFor, tokensIn }: SdkEmbedder): Embedder {
  const asked = parsedName(name);
  let dimensions = asked.dimensions;

  async function ask(values: string[], { purpose, signal, onCounted }: EmbedOptions): Promise<Float32Array[]> {
    const providerOptions = optionsFor?.(purpose);
    const { embeddings, usage, response } = await (await make(asked.model)).doEmbed({
      values,
      ...(asked.dimensions === null ? {} : { dimensions: asked.dimensions }),
      ...(providerOptions ? { providerOptions } : {}),
      ...(signal ? { abortSignal: signal } : {}),
    });
    onCounted?.({ promptTokens: countOf(usage?.tokens ?? tokensIn?.(response?.body)), completionTokens: 0 });
    return vectorsIn(embeddings, values.length, dimensions);
  }

  return {
    id: `${connection.provider}/${name}`,
    get dimensions() {
      return dimensions;
    },
    batchSize,
    async embed(texts, options) {
      const vectors: Float32Array[] = [];
      try {
        while (vectors.length < texts.length) {
          vectors.push(...(await ask(texts.slice(vectors.length, vectors.length + batchSize), options)));
          dimensions ??= vectors[0]?.length ?? null;
        }
      } catch (cause) {
        throw options.signal?.aborted ? cause : problemOfEmbedding(cause, options.purpose);
      }
      return vectors;
    },
  };
}
