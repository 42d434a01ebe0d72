import { cloneChanged } from "../../clones/clone-changes.ts";
import { cloneIndex } from "../../passages/clone-index.ts";
import { Problem } from "../../platform/errors.ts";
import { withAudit } from "../../workspaces/audited.ts";
import { operation } from "../../workspaces/operation.ts";
import { document, documentChanges, tags } from "../contract.ts";
import { safeFilename } from "../filename.ts";
import { changeDocument } from "../queries.ts";
import { getDocument, shownNow } from "./get-document.ts";

/**
 * What is closed is closed at once: the index gives it to nobody else any more. Throws `not_found`, and `conflict` where nobody would see the document
 * any more.
 */
export const updateDocument = operation({
  summary: "Rename a document, or say for whom answers are made from it",
  tags,
  action: "document.write",
  audit: "document.changed",
  params: ["id"],
  input: documentChanges,
  output: document,
  async run(ctx, { params: { id }, body }) {
    const row = await getDocument(ctx, id);
    const { filename, access, tags } = body;
    if (access === "me" && row.createdBy !== ctx.actor.userId) {
      throw new Problem(
        "conflict",
        "Only who uploaded a document can keep it to themselves. Choose “members” instead.",
      );
    }
    const changes = {
      ...(filename === undefined ? {} : { filename: safeFilename(filename) }),
      ...(access === undefined ? {} : { access }),
      ...(tags === undefined ? {} : { tags: [...new Set(tags)] }),
    };
    await withAudit(ctx, changeDocument(ctx.db, id, { ...changes, updatedAt: ctx.clock.now() }), {
      action: "document.changed",
      resource: { kind: "document", id },
      details: changes,
    });
    await cloneChanged(ctx, row.cloneId);
    if (access !== undefined) await cloneIndex(ctx.env, row.cloneId).setAccess(id, access);
    return shownNow(ctx, id);
  },
});
