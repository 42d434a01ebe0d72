import { readVectors, vectorFile } from "../document-files.ts";
import { putInIndex } from "../put-in-index.ts";
import { chunksOf } from "./carried.ts";
import type { RunStep, Work } from "./step.ts";

const factsOf = ({ id, cloneId, kind, access, createdBy }: Work["document"]) => ({
  id,
  cloneId,
  kind,
  access,
  createdBy,
});

/** Puts the passages into the clone's index, where they take the place of the document's older ones at once. */
export const storage: RunStep = async ({ env }, work) => {
  const { document, runId, carried, progress } = work;
  const bucket = env.UPLOADS;
  const chunks = await chunksOf(bucket, work);
  const ofPart = (part: number) => readVectors(bucket, document.storageKey, vectorFile(runId, part));
  carried.embedderId = await putInIndex(
    env,
    { ...factsOf(document), runId },
    chunks,
    carried.vectors ?? ofPart,
    progress,
  );
  return { chunks: chunks.length };
};
