import { cloneChanged } from "../../clones/clone-changes.ts";
import { notFound } from "../../platform/errors.ts";
import { withAudit } from "../../workspaces/audited.ts";
import { operation } from "../../workspaces/operation.ts";
import { tags } from "../contract.ts";
import { forgetDocument } from "../forget-document.ts";
import { removeDocument } from "../queries.ts";
import { getDocument } from "./get-document.ts";

/** From then on it is neither found nor cited; its files go too. Throws `not_found`. */
export const deleteDocument = operation({
  summary: "Delete a document; it is not cited any more",
  tags,
  action: "document.write",
  audit: "document.deleted",
  params: ["id"],
  done: "It is gone.",
  async run(ctx, { params: { id } }) {
    const { filename, cloneId, storageKey } = await getDocument(ctx, id);
    // The row goes first: search joins against it, so that nothing is cited from here on, and a late step finds it gone.
    const removed = await withAudit(ctx, removeDocument(ctx.db, ctx.actor.workspaceId, id), {
      action: "document.deleted",
      resource: { kind: "document", id },
      details: { filename },
    });
    if (removed.length === 0) throw notFound("document");
    await cloneChanged(ctx, cloneId);
    await forgetDocument(ctx.env, { documentId: id, cloneId, storageKey });
  },
});
