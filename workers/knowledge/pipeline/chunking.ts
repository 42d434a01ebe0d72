import { chunkDocument } from "../../reading/chunk-document.ts";
import { chunksFile, readText, writeJson } from "../document-files.ts";
import { chunkingKey, pipelineConfigOf } from "./config.ts";
import type { RunStep } from "./step.ts";

/** Cuts the text into the passages that are found and cited. */
export const chunking: RunStep = async ({ env, db }, { document, runId, carried }) => {
  carried.parsed ??= await readText(env.UPLOADS, document.storageKey);
  const { chunking: how } = await pipelineConfigOf(db, document.cloneId);
  carried.chunks = chunkDocument(carried.parsed, how);
  carried.chunking = chunkingKey(how);
  await writeJson(env.UPLOADS, document.storageKey, chunksFile(runId), {
    chunking: carried.chunking,
    chunks: carried.chunks,
  });
  return { chunks: carried.chunks.length };
};
