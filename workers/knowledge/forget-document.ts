import { cloneIndex } from "../passages/clone-index.ts";
import { removeFiles } from "./document-files.ts";

/** Clears away what is outside the database of a document whose row is gone. May be repeated. */
export async function forgetDocument(
  env: Env,
  { documentId, cloneId, storageKey }: { documentId: string; cloneId: string; storageKey: string },
): Promise<void> {
  await Promise.all([cloneIndex(env, cloneId).removeDocument(documentId), removeFiles(env.UPLOADS, storageKey)]);
}
