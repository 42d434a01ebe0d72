import { resolveEmbedder } from "../models/registry.ts";
import type { Context } from "../workspaces/context.ts";
import { type Chunk, chunkDocument, defaultChunkSizes } from "./chunk-document.ts";
import {
  readChunks,
  readOriginal,
  readText,
  readVectors,
  type StoredVectors,
  writeJson,
  writeVectors,
} from "./document-files.ts";
import { parseDocument } from "./parsing/parse-document.ts";
import type { ParsedDocument } from "./parsing/parsed-document.ts";
import { putInIndex } from "./put-in-index.ts";
import { type DocumentRow, readPipelineConfig } from "./queries.ts";
import type { Step } from "./run-queries.ts";

/** What one step made, in numbers for the run's record. */
type Output = Record<string, number>;

/** Results handed from step to step in one delivery; after a redelivery they come from R2 instead. */
export interface Carried {
  parsed?: ParsedDocument;
  chunks?: Chunk[];
  vectors?: StoredVectors;
}

/** One step at work: `progress` takes the step's own share, 0 to 1. */
export interface Work {
  document: DocumentRow;
  carried: Carried;
  progress(share: number): Promise<void>;
}

/** Where each step begins and ends in the whole, for the progress that people see. */
export const stepSpan: Record<Step, [from: number, to: number]> = {
  parse: [0, 0.35],
  chunk: [0.35, 0.4],
  embed: [0.4, 0.9],
  index: [0.9, 1],
};

async function parse({ env }: Context, { document, carried, progress }: Work): Promise<Output> {
  const bytes = await readOriginal(env.UPLOADS, document.storageKey);
  carried.parsed = await parseDocument(document.kind, bytes, progress);
  await writeJson(env.UPLOADS, document.storageKey, "text.json", carried.parsed);
  return { pages: carried.parsed.pages ?? 0, characters: carried.parsed.text.length };
}

async function chunk({ env, db }: Context, { document, carried }: Work): Promise<Output> {
  carried.parsed ??= await readText(env.UPLOADS, document.storageKey);
  const config = await readPipelineConfig(db, document.cloneId);
  const sizes = config ? { size: config.chunkSize, overlap: config.chunkOverlap } : defaultChunkSizes;
  carried.chunks = chunkDocument(carried.parsed, sizes);
  await writeJson(env.UPLOADS, document.storageKey, "chunks.json", carried.chunks);
  return { chunks: carried.chunks.length };
}

async function embed(ctx: Context, { document, carried, progress }: Work): Promise<Output> {
  const { env } = ctx;
  carried.chunks ??= await readChunks(env.UPLOADS, document.storageKey);
  const embedder = await resolveEmbedder(ctx, null);
  const texts = carried.chunks.map(({ section, text }) => (section ? `${section}\n${text}` : text));
  let vectors = new Float32Array();
  let dimensions = 0;
  for (let from = 0; from < texts.length; from += embedder.batchSize) {
    const batch = await embedder.embed(texts.slice(from, from + embedder.batchSize), { purpose: "document" });
    if (from === 0) {
      dimensions = batch[0]?.length ?? 0;
      vectors = new Float32Array(texts.length * dimensions);
    }
    for (const [i, vector] of batch.entries()) vectors.set(vector, (from + i) * dimensions);
    await progress(Math.min(1, (from + batch.length) / texts.length));
  }
  carried.vectors = { embedderId: embedder.id, vectors };
  await writeVectors(env.UPLOADS, document.storageKey, carried.vectors);
  return { vectors: texts.length, dimensions };
}

async function index({ env }: Context, { document, carried, progress }: Work): Promise<Output> {
  carried.chunks ??= await readChunks(env.UPLOADS, document.storageKey);
  carried.vectors ??= await readVectors(env.UPLOADS, document.storageKey);
  carried.parsed ??= await readText(env.UPLOADS, document.storageKey);
  await putInIndex(env, document, carried.chunks, carried.vectors, progress);
  return { chunks: carried.chunks.length };
}

/** What each step does. Every one may be repeated: it writes the same again. */
export const runStep: Record<Step, (ctx: Context, work: Work) => Promise<Output>> = { parse, chunk, embed, index };
