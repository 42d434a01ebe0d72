import { forgetClone, listDeletedClones } from "../clones/queries.ts";
import { cloneIndex } from "../passages/clone-index.ts";
import { notFound } from "../platform/errors.ts";
import type { Runtime } from "../platform/runtime.ts";
import { withAudit } from "../workspaces/audited.ts";
import type { Context, UserActor } from "../workspaces/context.ts";
import { removeFiles } from "./document-files.ts";
import { forgetDocument } from "./forget-document.ts";
import { findDocument, listDocumentKeys, removeDocument } from "./queries.ts";

/** Deletes a document: from then on it is neither found nor cited; its files go too. Throws `not_found`. */
export async function deleteDocument(ctx: Context<UserActor>, id: string): Promise<void> {
  const { db, env, actor } = ctx;
  const document = await findDocument(db, actor, id);
  // The row goes first: search joins against it, so that nothing is cited from here on, and a late step finds it gone.
  if (!document) throw notFound("document");
  const removed = await withAudit(ctx, removeDocument(db, actor.workspaceId, id), {
    action: "document.deleted",
    resource: { kind: "document", id },
    details: { filename: document.filename },
  });
  if (removed.length === 0) throw notFound("document");
  await forgetDocument(env, { documentId: id, cloneId: document.cloneId, storageKey: document.storageKey });
}

/** Removes for good what a deleted clone, or one of a deleted workspace, knew. May be repeated. */
export async function purgeClone(runtime: Runtime, id: string): Promise<void> {
  const { db } = runtime;
  for (const { storageKey } of await listDocumentKeys(db, id)) await removeFiles(runtime.env.UPLOADS, storageKey);
  await cloneIndex(runtime.env, id).destroy();
  await forgetClone(db, id);
  runtime.log.info("clone_purged", { clone_id: id });
}

/** Removes for good what deleted clones knew: files, index, rows. Repeated by the cron until nothing is left. */
export async function purgeDeletedClones(runtime: Runtime): Promise<void> {
  const { db } = runtime;
  for (const { id } of await listDeletedClones(db)) await purgeClone(runtime, id);
}
