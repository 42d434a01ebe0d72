import { Problem } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { audited } from "../../workspaces/audited.ts";
import type { Context } from "../../workspaces/context.ts";
import { operation } from "../../workspaces/operation.ts";
import { document, tags } from "../contract.ts";
import { enqueue } from "../ingestion/ingest-message.ts";
import { restartDocument } from "../ingestion/new-run-queries.ts";
import { requireReadingFunds } from "../ingestion/require-reading-funds.ts";
import type { DocumentRow } from "../queries.ts";
import { getDocument, shownNow } from "./get-document.ts";

/** Starts a document over with a new run. */
export async function restart(ctx: Context, document: DocumentRow): Promise<DocumentRow> {
  const runId = newId("run");
  const event = { action: "document.retried", resource: { kind: "document", id: document.id } } as const;
  const audit = await audited(ctx, event, { workspaceId: document.workspaceId });
  await restartDocument(ctx.db, document, runId, ctx.clock.now(), audit);
  await enqueue(ctx.env, document, runId);
  return { ...document, status: "queued", stage: null, progress: 0, errorCode: null, errorMessage: null };
}

/** Throws `not_found`, `conflict` for a document that did not fail, or `insufficient_credits`. */
export const retryDocument = operation({
  summary: "Try a failed document once more",
  tags,
  action: "document.write",
  audit: "document.retried",
  params: ["id"],
  output: document,
  async run(ctx, { params: { id } }) {
    const row = await getDocument(ctx, id);
    if (row.status !== "failed") throw new Problem("conflict", "Only a document that failed can be tried again.");
    await requireReadingFunds(ctx, row.cloneId, row.workspaceId);
    await restart(ctx, row);
    return shownNow(ctx, id);
  },
});
