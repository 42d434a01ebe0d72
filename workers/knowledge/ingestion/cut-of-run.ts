import { type Cut, readCut } from "../document-files.ts";
import type { Work } from "./step-work.ts";

/** How an earlier step cut the document: of this delivery, or from R2. */
export async function cutOf(bucket: R2Bucket, { document, runId, carried }: Work): Promise<Cut> {
  carried.cut ??= await readCut(bucket, document.storageKey, runId);
  return carried.cut;
}
