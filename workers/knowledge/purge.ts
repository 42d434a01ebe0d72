import { cloneChanged } from "../clones/clone-changes.ts";
import { forgetClone, listDeletedClones } from "../clones/queries.ts";
import { cloneIndex } from "../passages/clone-index.ts";
import type { Runtime } from "../platform/runtime.ts";
import { removeFiles } from "./document-files.ts";
import { listDocumentKeys } from "./queries.ts";

/** Removes for good what a deleted clone, or one of a deleted workspace, knew. May be repeated. */
export async function purgeClone(runtime: Runtime, id: string): Promise<void> {
  const { db } = runtime;
  for (const { storageKey } of await listDocumentKeys(db, id)) await removeFiles(runtime.env.UPLOADS, storageKey);
  await cloneIndex(runtime.env, id).destroy();
  await forgetClone(db, id);
  await cloneChanged(runtime, id);
  runtime.log.info("clone_purged", { clone_id: id });
}

/** Removes for good what deleted clones knew: files, index, rows. Repeated by the cron until nothing is left. */
export async function purgeDeletedClones(runtime: Runtime): Promise<void> {
  const { db } = runtime;
  for (const { id } of await listDeletedClones(db)) await purgeClone(runtime, id);
}
