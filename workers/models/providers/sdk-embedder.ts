import type { EmbeddingModelV4, EmbeddingModelV4CallOptions } from "@ai-sdk/provider";
import type { Connection } from "../ports/connection.ts";
import type { Embedder } from "../ports/embedder.ts";
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
}

/** An embedding model that an SDK asks, which is loaded when the first text is embedded; vectors are scaled to unit length. */
export function sdkEmbedder({ connection, name, batchSize, make, optionsFor }: SdkEmbedder): Embedder {
  const asked = parsedName(name);
  let dimensions = asked.dimensions;

  async function ask(values: string[], { purpose, signal }: EmbedOptions): Promise<Float32Array[]> {
    const providerOptions = optionsFor?.(purpose);
    const { embeddings } = await (await make(asked.model)).doEmbed({
      values,
      ...(asked.dimensions === null ? {} : { dimensions: asked.dimensions }),
      ...(providerOptions ? { providerOptions } : {}),
      ...(signal ? { abortSignal: signal } : {}),
    });
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
