import type { Connection } from "../../ports/connection.ts";
import type { OnCounted } from "../../ports/counted.ts";
import type { Embedder } from "../../ports/embedder.ts";
import { countOf } from "../counts.ts";
import { problemOfEmbedding } from "../embedding-failure.ts";
import { vectorsIn } from "../vectors.ts";
import { boxJson } from "./box.ts";
import { boxModel, requireStays } from "./box-model.ts";
import { sizeOf, Windows } from "./context-window.ts";
import { Presence } from "./presence.ts";

/** A box works through a batch one text after the other, and a tunnel ends a call after 100 seconds. */
const batchSize = 32;

/** The embedding model `name` of a box. A text that is too long for it is refused, and not cut; vectors are scaled to unit length. */
export function embedder(connection: Connection, name: string, env: Env): Embedder {
  let dimensions: number | null = null;
  const windows = new Windows();
  const { keepAlive } = connection;

  async function ask(
    input: string[],
    signal: AbortSignal | undefined,
    onCounted: OnCounted | undefined,
  ): Promise<Float32Array[]> {
    const model = await boxModel(connection, env, name);
    requireStays(connection, name, model.isRemote);
    const longest = input.reduce((one, other) => (other.length > one.length ? other : one), "");
    const body = {
      model: name,
      input,
      truncate: false,
      options: { num_ctx: windows.next(sizeOf([longest], [], 0), model, 0) },
      ...(keepAlive === undefined ? {} : { keep_alive: keepAlive }),
    };
    // A long batch is worked on in silence, and so is one that a box was switched off over.
    const presence = new Presence(connection, env, signal);
    try {
      const answer = await boxJson(connection, env, { path: "embed", body, signal: presence.signal });
      const { prompt_eval_count: read } = (answer ?? {}) as { prompt_eval_count?: unknown };
      onCounted?.({ promptTokens: countOf(read), completionTokens: 0 });
      return vectorsIn(answer, input.length, dimensions);
    } catch (error) {
      throw presence.signal.aborted ? presence.signal.reason : error;
    } finally {
      presence.end();
    }
  }

  return {
    id: `${connection.provider}/${name}`,
    get dimensions() {
      return dimensions;
    },
    batchSize,
    async embed(texts, { purpose, signal, onCounted }) {
      const vectors: Float32Array[] = [];
      try {
        for (let from = 0; from < texts.length; from += batchSize) {
          vectors.push(...(await ask(texts.slice(from, from + batchSize), signal, onCounted)));
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
