import type { z } from "zod";
import { cloneIndex } from "../../passages/clone-index.ts";
import { Problem } from "../../platform/errors.ts";
import { withAudit } from "../../workspaces/audited.ts";
import type { Context, UserActor } from "../../workspaces/context.ts";
import type { documentChanges } from "../contract.ts";
import { safeFilename } from "../filename.ts";
import { changeDocument, type DocumentRow } from "../queries.ts";

/**
 * Renames or tags a document, or changes for whom answers are made from it. Search asks the database last, so that what is closed is closed
 * at once. Throws `conflict` where nobody would see the document any more.
 */
export async function updateDocument(
  ctx: Context<UserActor>,
  row: DocumentRow,
  { filename, access, tags }: z.output<typeof documentChanges>,
): Promise<void> {
  if (access === "me" && row.createdBy !== ctx.actor.userId) {
    throw new Problem("conflict", "Only who uploaded a document can keep it to themselves. Choose “members” instead.");
  }
  const changes = {
    ...(filename === undefined ? {} : { filename: safeFilename(filename) }),
    ...(access === undefined ? {} : { access }),
    ...(tags === undefined ? {} : { tags: [...new Set(tags)] }),
  };
  await withAudit(ctx, changeDocument(ctx.db, row.id, { ...changes, updatedAt: ctx.clock.now() }), {
    action: "document.changed",
    resource: { kind: "document", id: row.id },
    details: changes,
  });
  if (access !== undefined) await cloneIndex(ctx.env, row.cloneId).setAccess(row.id, access);
}
