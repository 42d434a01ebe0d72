import { OpenAICompatibleEmbeddingModel } from "@ai-sdk/openai-compatible";
import { Problem } from "../../../platform/errors.ts";
import { modelUnavailable } from "../../failures.ts";
import type { Connection } from "../../ports/connection.ts";
import type { Embedder } from "../../ports/embedder.ts";
import { toUnit } from "../../unit-vector.ts";
import { sdkSettings } from "./sdk-settings.ts";

const batchSize = 64;

/** The embedding model `name` of a server; vectors are scaled to unit length, whatever the server does. */
export function embedder(connection: Connection, name: string): Embedder {
  const model = new OpenAICompatibleEmbeddingModel(name, sdkSettings(connection, "embedding"));
  let dimensions: number | null = null;
  const embedBatch = async (values: string[], signal: AbortSignal | undefined) => {
    const { embeddings } = await model.doEmbed({ values, ...(signal ? { abortSignal: signal } : {}) });
    if (embeddings.length !== values.length) {
      throw new Problem("model_unavailable", "The embedding server answered with the wrong number of vectors.");
    }
    return embeddings.map((numbers) => toUnit(Float32Array.from(numbers)));
  };
  return {
    id: `${connection.provider}/${name}`,
    get dimensions() {
      return dimensions;
    },
    batchSize,
    async embed(texts, { signal }) {
      const vectors: Float32Array[] = [];
      try {
        for (let at = 0; at < texts.length; at += batchSize)
          vectors.push(...(await embedBatch(texts.slice(at, at + batchSize), signal)));
      } catch (cause) {
        throw signal?.aborted ? cause : modelUnavailable(cause);
      }
      dimensions = vectors[0]?.length ?? dimensions;
      return vectors;
    },
  };
}
