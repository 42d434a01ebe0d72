import { defaultEmbedder } from "../../workers/model-access/workspace-models.ts";
import type { IndexQuery } from "../../workers/passages/clone-index.ts";
import { cloneIndex } from "../../workers/passages/clone-index.ts";
import { embeddedText } from "../../workers/passages/embedded-text.ts";
import { inParts, putInIndex } from "../../workers/passages/put-in-index.ts";
import { createRuntime } from "../../workers/platform/runtime.ts";
import { type Chunk, chunkDocument } from "../../workers/reading/chunk-document.ts";
import { detectType } from "../../workers/reading/detect-type.ts";
import { parseDocument } from "../../workers/reading/parse-document.ts";
import { assembleDocument } from "../../workers/reading/parsed-document.ts";
import type { EvalDocument, EvalQuery } from "./collection.ts";
import { madeQuery, madeVector } from "./made-vectors.ts";

export { CloneIndexObject } from "../../workers/passages/clone-index-object.ts";

/** What the worker is asked for: documents to be put, that the index learns from them, questions to be answered
 * with documents; or vectors that were made up, to be put, put in order, and searched. */
export type EvalCall =
  | { kind: "put"; name: string; documents: EvalDocument[] }
  | { kind: "read"; name: string; file: string; base64: string }
  | { kind: "find"; name: string; query: string; topK: number }
  | { kind: "learn"; name: string }
  | { kind: "fill"; from: number; count: number; dimensions: number }
  | { kind: "tidy" }
  | { kind: "near"; index: number; dimensions: number; topK: number }
  | { kind: "search"; name: string; queries: EvalQuery[]; modes: readonly IndexQuery["mode"][]; depth: number };

export interface FoundPlace {
  document: string;
  page: number | null;
}

/** Passages a document that may stand before its best one is reached; `depth` documents need more than `depth` passages. */
const passagesPerDocument = 4;

async function put(env: Env, { name, documents }: EvalCall & { kind: "put" }): Promise<void> {
  const read: ReadDocument[] = [];
  for (const { _id, title, text } of documents) {
    const blocks = [
      { text: title, page: null, section: title, heading: true },
      { text, page: null, section: title || null },
    ];
    if (!blocks.some((block) => /[\p{L}\p{N}]/u.test(block.text))) continue;
    read.push({ id: _id, chunks: chunkDocument(assembleDocument(blocks, null)) });
  }
  await index(env, name, read);
}

/** A file goes the way of an upload, without its queue. */
async function read(env: Env, { name, file, base64 }: EvalCall & { kind: "read" }): Promise<void> {
  const bytes = Uint8Array.from(Buffer.from(base64, "base64"));
  await index(env, name, [
    { id: file, chunks: chunkDocument(await parseDocument(detectType(bytes, file).kind, bytes)) },
  ]);
}

interface ReadDocument {
  id: string;
  chunks: Chunk[];
}

/** Documents are embedded together: a server makes many vectors as fast as one. */
async function index(env: Env, cloneId: string, documents: ReadDocument[]): Promise<void> {
  const embedder = await defaultEmbedder(createRuntime(env));
  const made = await embedder.embed(
    documents.flatMap(({ chunks }) => chunks.map(embeddedText)),
    { purpose: "document" },
  );
  for (const { id, chunks } of documents) {
    const vectors = new Float32Array(made.splice(0, chunks.length).flatMap((vector) => [...vector]));
    await putInIndex(env, { id, cloneId, kind: "text" }, inParts({ chunks, embedderId: embedder.id, vectors }));
  }
}

/** The passages that are found first. */
async function find(env: Env, { name, query, topK }: EvalCall & { kind: "find" }): Promise<FoundPlace[]> {
  const embedder = await defaultEmbedder(createRuntime(env));
  const [values] = await embedder.embed([query], { purpose: "query" });
  const vector = values ? { embedderId: embedder.id, values } : null;
  const hits = await cloneIndex(env, name).search({ query, vector, topK, mode: "hybrid" });
  return hits.map(({ documentId, page }) => ({ document: documentId, page }));
}

/** What each mode finds for each query. */
async function search(env: Env, { name, queries, modes, depth }: EvalCall & { kind: "search" }): Promise<string[][][]> {
  const embedder = await defaultEmbedder(createRuntime(env));
  const texts = queries.map(({ text }) => text);
  const made = modes.every((mode) => mode === "keyword") ? [] : await embedder.embed(texts, { purpose: "query" });
  const answers: string[][][] = [];
  for (const mode of modes) {
    const found: string[][] = [];
    for (const [i, query] of texts.entries()) {
      const values = mode === "keyword" ? undefined : made[i];
      const vector = values ? { embedderId: embedder.id, values } : null;
      const hits = await cloneIndex(env, name).search({ query, vector, topK: depth * passagesPerDocument, mode });
      // A document stands where its best passage stands.
      found.push([...new Set(hits.map(({ documentId }) => documentId))].slice(0, depth));
    }
    answers.push(found);
  }
  return answers;
}

/** One document of passages that are only their numbers, with vectors that were made up. */
async function fill(env: Env, { from, count, dimensions }: EvalCall & { kind: "fill" }): Promise<void> {
  const vectors = new Float32Array(count * dimensions);
  for (let i = 0; i < count; i++) vectors.set(madeVector(from + i, dimensions), i * dimensions);
  const chunks = Array.from({ length: count }, (_, ordinal) => {
    return { ordinal, text: `n${from + ordinal}`, page: null, section: null, start: 0, end: 1 };
  });
  const document = { id: `doc_${from}`, cloneId: "vectors", kind: "text" } as const;
  await putInIndex(env, document, inParts({ chunks, embedderId: "bench/made-up", vectors }));
}

async function near(env: Env, { index, dimensions, topK }: EvalCall & { kind: "near" }): Promise<number[]> {
  const vector = { embedderId: "bench/made-up", values: madeQuery(index, dimensions) };
  const hits = await cloneIndex(env, "vectors").search({ query: "", vector, topK, mode: "vector" });
  return hits.map(({ text }) => Number(text.slice(1)));
}

export default {
  async fetch(request, env) {
    const call = (await request.json()) as EvalCall;
    if (call.kind === "near") return Response.json(await near(env, call));
    if (call.kind === "find") return Response.json(await find(env, call));
    if (call.kind === "search") return Response.json(await search(env, call));
    if (call.kind === "learn") await cloneIndex(env, call.name).learn();
    else if (call.kind === "read") await read(env, call);
    else if (call.kind === "fill") await fill(env, call);
    else if (call.kind === "tidy") await cloneIndex(env, "vectors").tidy();
    else await put(env, call);
    return Response.json(null);
  },
} satisfies ExportedHandler<Env>;
