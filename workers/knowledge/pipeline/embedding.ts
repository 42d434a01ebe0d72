import type { Embedder } from "../../models/ports.ts";
import { resolveEmbedder } from "../../models/registry.ts";
import { withProviderKeys } from "../../workspaces/provider-keys.ts";
import type { Chunk } from "../chunk-document.ts";
import { hasVectors, vectorFile, writeVectors } from "../document-files.ts";
import { chunksPerPart, partsOf } from "../put-in-index.ts";
import { chunksOf } from "./carried.ts";
import { pipelineConfigOf } from "./config.ts";
import type { RunStep } from "./step.ts";

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

/** Has the clone's embedding model say what each passage is about. */
export const embedding: RunStep = async (ctx, work) => {
  const { document, runId, attempt, carried, progress } = work;
  const bucket = ctx.env.UPLOADS;
  const chunks = await chunksOf(bucket, work);
  const config = await pipelineConfigOf(ctx.db, document.cloneId);
  const embedder = await resolveEmbedder(await withProviderKeys(ctx, document.workspaceId), config.embedding.model);
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
};
