import { notFound, Problem } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { audited } from "../../workspaces/audited.ts";
import type { Context, UserActor } from "../../workspaces/context.ts";
import { enqueue } from "../ingestion/ingest-message.ts";
import { restartDocument } from "../ingestion/new-run-queries.ts";
import { type DocumentRow, findDocument } from "../queries.ts";

/** Starts a document over with a new run. */
export async function restart(ctx: Context, document: DocumentRow): Promise<DocumentRow> {
  const runId = newId("run");
  const event = { action: "document.retried", resource: { kind: "document", id: document.id } } as const;
  const audit = await audited(ctx, event, { workspaceId: document.workspaceId });
  await restartDocument(ctx.db, document, runId, ctx.clock.now(), audit);
  await enqueue(ctx.env, document, runId);
  return { ...document, status: "queued", stage: null, progress: 0, errorCode: null, errorMessage: null };
}

/** Tries a failed document once more. Throws `not_found`, or `conflict` for one that did not fail. */
export async function retryDocument(ctx: Context<UserActor>, id: string): Promise<DocumentRow> {
  const document = await findDocument(ctx.db, ctx.actor, id);
  if (!document) throw notFound("document");
  if (document.status !== "failed") throw new Problem("conflict", "Only a document that failed can be tried again.");
  return restart(ctx, document);
}
