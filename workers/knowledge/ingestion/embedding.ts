import { embedderFor } from "../../model-access/workspace-models.ts";
import { cloneIndex } from "../../passages/clone-index.ts";
import { partsOf } from "../../passages/put-in-index.ts";
import { isProblem } from "../../platform/errors.ts";
import { pause } from "../../platform/pause.ts";
import { ReaderRefused } from "../../reading/ask-reader.ts";
import { hasVectors, readChunks, vectorFile, writeVectors } from "../document-files.ts";
import { pipelineConfigOf } from "../pipeline-config.ts";
import { cutOf } from "./cut-of-run.ts";
import { embedChunks, type KnownVectors } from "./embed-chunks.ts";
import { modelUseOf } from "./model-use.ts";
import type { RunStep } from "./step-work.ts";

/** Has the clone's embedding model say what each passage is about. */
export const embedding: RunStep = async (ctx, work) => {
  const { document, runId, attempt, progress } = work;
  const bucket = ctx.env.UPLOADS;
  const { chunks } = await cutOf(bucket, work);
  const config = await pipelineConfigOf(ctx.db, document.cloneId);
  const use = await modelUseOf(ctx, work, "embedding");
  const embedder = await embedderFor(ctx, use, config.embedding.model).catch((error: unknown) => {
    // Chosen before the clone was bound: no other try gets it, until somebody chooses another.
    const isElsewhere = use.privacy === "own" && isProblem(error) && error.code === "model_unavailable";
    throw isElsewhere ? new ReaderRefused("model_elsewhere", error.message) : error;
  });
  const index = cloneIndex(ctx.env, document.cloneId);
  const known: KnownVectors = (embedderId, hashes) => index.knownVectors(embedderId, hashes);
  const parts = partsOf(chunks);
  let [reused, tokens] = [0, 0];
  for (let part = 0; part < parts; part++) {
    const file = vectorFile(runId, part);
    // A model that is paid for is not asked again for what it said before the step was cut off.
    if (attempt > 1 && (await hasVectors(bucket, document.storageKey, file, embedder.id))) continue;
    const made = await embedChunks(embedder, await readChunks(bucket, document.storageKey, runId, part), known);
    const stored = { embedderId: embedder.id, vectors: made.vectors };
    reused += made.reused;
    tokens += made.tokens;
    await writeVectors(bucket, document.storageKey, file, stored);
    await progress((part + 1) / parts);
    await pause();
  }
  return { vectors: chunks, reused, tokens };
};
