import { partsOf, putInIndex } from "../../passages/put-in-index.ts";
import { readChunks, readVectors, vectorFile } from "../document-files.ts";
import { cutOf } from "./cut-of-run.ts";
import type { RunStep, Work } from "./step-work.ts";

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
  const { chunks } = await cutOf(bucket, work);
  const passages = {
    parts: partsOf(chunks),
    async part(part: number) {
      const [ofPart, vectors] = await Promise.all([
        readChunks(bucket, document.storageKey, runId, part),
        readVectors(bucket, document.storageKey, vectorFile(runId, part)),
      ]);
      return { chunks: ofPart, ...vectors };
    },
  };
  carried.embedderId = await putInIndex(env, { ...factsOf(document), runId }, passages, progress);
  return { chunks };
};
