import type { Embedder } from "../models/ports.ts";
import { resolveEmbedder } from "../models/registry.ts";
import type { Context } from "../workspaces/context.ts";
import { type Chunk, chunkDocument, defaultChunkSizes } from "./chunk-document.ts";
import {
  hasVectors,
  readChunks,
  readOriginal,
  readText,
  readVectors,
  type StoredVectors,
  vectorFile,
  writeJson,
  writeVectors,
} from "./document-files.ts";
import { parseDocument } from "./parsing/parse-document.ts";
import type { ParsedDocument } from "./parsing/parsed-document.ts";
import { chunksPerPart, partsOf, putInIndex } from "./put-in-index.ts";
import { type DocumentRow, readPipelineConfig } from "./queries.ts";
import type { Step } from "./run-queries.ts";

/** What one step made, in numbers for the run's record. */
type Output = Record<string, number>;

/** Results handed from step to step in one delivery; after a redelivery they come from R2 instead. */
export interface Carried {
  parsed?: ParsedDocument;
  chunks?: Chunk[];
  /** Of the only part; those of several parts would be too much at once. */
  vectors?: StoredVectors;
  embedderId?: string;
}

/** One step at work: `progress` takes the step's own share, 0 to 1. */
export interface Work {
  document: DocumentRow;
  runId: string;
  /** How often the step was begun, from 1. */
  attempt: number;
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

/** The unit vectors of some chunks, one behind the other. */
async function vectorsFor(embedder: Embedder, chunks: Chunk[]): Promise<Float32Array> {
  const texts = chunks.map(({ section, text }) => (section ? `${section}\n${text}` : text));
  const vectors: Float32Array[] = [];
  for (let from = 0; from < texts.length; from += embedder.batchSize) {
    const batch = texts.slice(from, from + embedder.batchSize);
    vectors.push(...(await embedder.embed(batch, { purpose: "document" })));
  }
  const dimensions = vectors[0]?.length ?? 0;
  const joined = new Float32Array(vectors.length * dimensions);
  for (const [i, vector] of vectors.entries()) joined.set(vector, i * dimensions);
  return joined;
}

async function embed(ctx: Context, { document, runId, attempt, carried, progress }: Work): Promise<Output> {
  const bucket = ctx.env.UPLOADS;
  carried.chunks ??= await readChunks(bucket, document.storageKey);
  const { chunks } = carried;
  const embedder = await resolveEmbedder(ctx, null);
  const parts = partsOf(chunks.length);
  for (let part = 0; part < parts; part++) {
    const file = vectorFile(runId, part);
    // A model that is paid for is not asked again for what it said before the step was cut off.
    if (attempt > 1 && (await hasVectors(bucket, document.storageKey, file, embedder.id))) continue;
    const vectors = await vectorsFor(embedder, chunks.slice(part * chunksPerPart, (part + 1) * chunksPerPart));
    const stored = { embedderId: embedder.id, vectors };
    await writeVectors(bucket, document.storageKey, file, stored);
    if (parts === 1) carried.vectors = stored;
    await progress((part + 1) / parts);
  }
  return { vectors: chunks.length };
}

async function index({ env }: Context, { document, runId, carried, progress }: Work): Promise<Output> {
  const bucket = env.UPLOADS;
  carried.chunks ??= await readChunks(bucket, document.storageKey);
  carried.parsed ??= await readText(bucket, document.storageKey);
  const { storageKey } = document;
  const ofPart = (part: number) => readVectors(bucket, storageKey, vectorFile(runId, part));
  carried.embedderId = await putInIndex(env, document, carried.chunks, carried.vectors ?? ofPart, progress);
  return { chunks: carried.chunks.length };
}

/** What each step does. Every one may be repeated: it writes the same again. */
export const runStep: Record<Step, (ctx: Context, work: Work) => Promise<Output>> = { parse, chunk, embed, index };
