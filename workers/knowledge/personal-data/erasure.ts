import { cloneChanged } from "../../clones/clone-changes.ts";
import { clonesLeft } from "../../clones/personal-data-queries.ts";
import type { Erased, PersonalData } from "../../platform/rooms/personal-data.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { removeWorkspaceFiles } from "../document-files.ts";
import { forgetDocument } from "../forget-document.ts";
import { purgeClone } from "../purge.ts";
import { documentsHeld, privateDocumentsLeft, removeDocumentRow } from "./queries.ts";

/** How much one run of the cron takes of each kind, so that it stays within what one call may do. */
const [clonesAtOnce, documentsAtOnce] = [20, 100];

async function removeSome(runtime: Runtime, of: Erased): Promise<boolean> {
  const { env, db } = runtime;
  const clones = await clonesLeft(db, of, clonesAtOnce);
  for (const id of clones) await purgeClone(runtime, id);
  const documents = of.userId === null ? [] : await privateDocumentsLeft(db, of.userId, of, documentsAtOnce);
  for (const document of documents) {
    // The row says where the rest is; what a step of its reading wrote until it was gone goes after it.
    await forgetDocument(env, document);
    await removeDocumentRow(db, document.documentId);
    await cloneChanged(runtime, document.cloneId);
    await forgetDocument(env, document);
  }
  return clones.length < clonesAtOnce && documents.length < documentsAtOnce;
}

/** How what clones know goes, and a person’s private documents in the workspaces of others. */
export const erasure: PersonalData["erasure"] = {
  held: (of) => [{ kind: "document", rows: documentsHeld(of) }],
  remove: { step: "knowledge", some: removeSome },
  emptyWorkspace: ({ env }, workspaceId) => removeWorkspaceFiles(env.UPLOADS, workspaceId),
};
