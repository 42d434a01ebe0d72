import { offlineHashId } from "../../models/offline-ids.ts";
import type { Embedder } from "../../models/ports/embedder.ts";
import { contentHash, embeddedText } from "../../passages/embedded-text.ts";
import { isProblem } from "../../platform/errors.ts";
import type { Chunk } from "../../reading/chunk-document.ts";
import { estimateTokens } from "../../text/tokens.ts";

/** Tries of one batch within one delivery; what still fails then waits in the queue. */
const tries = 4;
/** The longest pause between two tries, in seconds: who asks for more is asked again by the queue. */
const longestPause = 20;

/** Looks up vectors that are there already: see `CloneIndexObject.knownVectors`. */
export type KnownVectors = (embedderId: string, hashes: string[]) => Promise<Map<string, Float32Array>>;

const nothingKnown: KnownVectors = async () => new Map();

/** Unit vectors one behind the other, and what they cost. */
export interface EmbeddedChunks {
  vectors: Float32Array;
  /** Passages whose vectors were there already. */
  reused: number;
  /** Tokens that the model was given, as far as they can be told without its tokenizer. */
  tokens: number;
}

/** Asks again after a second, two and four, or as long as the provider says. Throws what the last try threw. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      const wait = (isProblem(error) ? error.retryAfterSeconds : undefined) ?? 2 ** (attempt - 1);
      const mayPass = isProblem(error) && error.code === "model_unavailable";
      if (!mayPass || attempt === tries || wait > longestPause) throw error;
      await scheduler.wait(wait * 1_000);
    }
  }
}

/** The vectors of chunks in their order. Only what is nowhere in the clone's index yet is asked of the model, in its batches. */
export async function embedChunks(embedder: Embedder, chunks: Chunk[], known: KnownVectors): Promise<EmbeddedChunks> {
  // The built-in embedder is faster than looking up what it would say.
  const isPaid = embedder.id !== offlineHashId;
  const hashes = isPaid ? chunks.map(contentHash) : [];
  const had = isPaid ? await known(embedder.id, [...new Set(hashes)]) : new Map<string, Float32Array>();
  const lacking = chunks.flatMap((_, i) => (had.has(hashes[i] ?? "") ? [] : [i]));
  const vectors = chunks.map((_, i) => had.get(hashes[i] ?? ""));
  let tokens = 0;
  for (let from = 0; from < lacking.length; from += embedder.batchSize) {
    const batch = lacking.slice(from, from + embedder.batchSize);
    const texts = batch.map((i) => embeddedText(chunks[i] as Chunk));
    const made = await patiently(() => embedder.embed(texts, { purpose: "document" }));
    for (const [place, i] of batch.entries()) vectors[i] = made[place];
    if (isPaid) tokens += texts.reduce((sum, text) => sum + estimateTokens(text), 0);
  }
  const dimensions = vectors[lacking[0] ?? 0]?.length ?? 0;
  // Another model behind the same name: what is there is of no use beside what it says.
  if (vectors.some((vector) => vector?.length !== dimensions)) return embedChunks(embedder, chunks, nothingKnown);
  const joined = new Float32Array(chunks.length * dimensions);
  for (const [i, vector] of vectors.entries()) if (vector) joined.set(vector, i * dimensions);
  return { vectors: joined, reused: chunks.length - lacking.length, tokens };
}
