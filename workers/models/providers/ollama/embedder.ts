import type { Connection } from "../../ports/connection.ts";
import type { Embedder } from "../../ports/embedder.ts";
import { problemOfEmbedding } from "../embedding-failure.ts";
import { vectorsIn } from "../vectors.ts";
import { boxJson } from "./box.ts";
import { boxModel, requireStays } from "./box-model.ts";
import { contextFor, sizeOf } from "./context-window.ts";

/** A box works through a batch one text after the other, and a tunnel ends a call after 100 seconds. */
const batchSize = 32;

/** The embedding model `name` of a box. A text that is too long for it is refused, and not cut; vectors are scaled to unit length. */
export function embedder(connection: Connection, name: string, env: Env): Embedder {
  let dimensions: number | null = null;
  const { keepAlive } = connection;

  async function ask(input: string[], signal: AbortSignal | undefined): Promise<Float32Array[]> {
    const model = await boxModel(connection, env, name);
    requireStays(connection, name, model.isRemote);
    const longest = input.reduce((one, other) => (other.length > one.length ? other : one), "");
    const body = {
      model: name,
      input,
      truncate: false,
      options: { num_ctx: contextFor(sizeOf([longest], [], 0), model, { asked: 0, answer: 0 }) },
      ...(keepAlive === undefined ? {} : { keep_alive: keepAlive }),
    };
    return vectorsIn(await boxJson(connection, env, { path: "embed", body, signal }), input.length, dimensions);
  }

  return {
    id: `${connection.provider}/${name}`,
    get dimensions() {
      return dimensions;
    },
    batchSize,
    async embed(texts, { purpose, signal }) {
      const vectors: Float32Array[] = [];
      try {
        for (let from = 0; from < texts.length; from += batchSize) {
          vectors.push(...(await ask(texts.slice(from, from + batchSize), signal)));
          dimensions ??= vectors[0]?.length ?? null;
        }
      } catch (cause) {
        if (signal?.aborted) throw cause;
        throw problemOfEmbedding(cause, purpose);
      }
      return vectors;
    },
  };
}
