import { isProblem } from "../../../platform/errors.ts";
import { problemOfSaid, providerErrorIn } from "../../failures.ts";
import type { Connection } from "../../ports/connection.ts";
import type { OnCounted } from "../../ports/counted.ts";
import type { Embedder } from "../../ports/embedder.ts";
import { problemOfEmbedding } from "../embedding-failure.ts";
import { parsedName } from "../embedding-name.ts";
import { jsonIn } from "../event-lines.ts";
import { bearer, providerFetchJson } from "../provider-fetch.ts";
import { vectorsIn } from "../vectors.ts";

const batchSize = 64;

interface Asked {
  input: string[];
  signal: AbortSignal | undefined;
  onCounted: OnCounted | undefined;
}

/** The tokens that a server says it has read. */
function tokensIn(body: unknown): number | undefined {
  const { prompt_tokens, total_tokens } = (body as { usage?: Record<string, unknown> } | null)?.usage ?? {};
  return [prompt_tokens, total_tokens].find((value): value is number => Number.isSafeInteger(value));
}

/** Whether a server refused a batch for how much is in it; one that asks to wait refused nothing. */
function isTooMany(error: unknown): boolean {
  const said = isProblem(error) ? providerErrorIn(error) : undefined;
  if (!said || ["rate", "key", "credit", "page"].includes(said.fault)) return false;
  const words = /batch|too many|too large|too long|maximum|at most|exceed|limit|inputs?\b|array|items|tokens/i;
  return said.status === 413 || ([400, 422, 500].includes(said.status) && words.test(said.words.text));
}

/** How many texts the next batch may have: as many as the server names, else half. */
function fewer(error: unknown, count: number): number {
  const named = [...(providerErrorIn(error)?.words.text ?? "").matchAll(/\d+/g)].map(([digits]) => Number(digits));
  const most = Math.max(0, ...named.filter((number) => number < count));
  return most > 0 ? most : Math.ceil(count / 2);
}

/** What an answer holds; undefined where it is no JSON. Throws what a page says, or a sentence in its place. */
function bodyOf(answer: string): unknown {
  const text = answer.trim();
  if (/^[^[{]/.test(text)) throw problemOfSaid(text);
  return jsonIn(text);
}

/** The embedding model `name` of a server; vectors are scaled to unit length, whatever the server does. It remembers how many texts the server takes. */
export function embedder(connection: Connection, name: string, env: Env): Embedder {
  const asked = parsedName(name);
  let { dimensions } = asked;
  let [most, isFormatKnown] = [batchSize, true];

  async function ask({ input, signal, onCounted }: Asked): Promise<Float32Array[]> {
    const size = asked.dimensions === null ? {} : { dimensions: asked.dimensions };
    const format = isFormatKnown ? { encoding_format: "float" } : {};
    const response = await providerFetchJson({ connection, env }, `${connection.address}/embeddings`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...bearer(connection) },
      body: JSON.stringify({ model: asked.model, input, ...size, ...format }),
      ...(signal ? { signal } : {}),
    });
    const body = bodyOf(await response.text());
    onCounted?.({ promptTokens: tokensIn(body), completionTokens: 0 });
    return vectorsIn(body, input.length, dimensions);
  }

  /** The vectors of the first of some texts: of as many as the server takes. */
  async function embedFirst({ input: texts, ...how }: Asked): Promise<Float32Array[]> {
    const before = most;
    for (;;) {
      const batch = texts.slice(0, most);
      try {
        return await ask({ ...how, input: batch });
      } catch (error) {
        if (isFormatKnown && /encoding_format/i.test(providerErrorIn(error)?.words.text ?? "")) isFormatKnown = false;
        else if (batch.length > 1 && isTooMany(error)) most = fewer(error, batch.length);
        else {
          // One that is refused by itself is at fault, and not how many there were.
          if (batch.length === 1) most = before;
          throw error;
        }
      }
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
        while (vectors.length < texts.length) {
          vectors.push(...(await embedFirst({ input: texts.slice(vectors.length), signal, onCounted })));
          dimensions ??= vectors[0]?.length ?? null;
        }
      } catch (cause) {
        throw signal?.aborted ? cause : problemOfEmbedding(cause, purpose);
      }
      return vectors;
    },
  };
}
