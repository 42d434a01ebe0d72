import { notFound } from "../../platform/errors.ts";
import type { Context, UserActor } from "../../workspaces/context.ts";
import type { Document } from "../contract.ts";
import { latestRuns } from "../ingestion/run-queries.ts";
import { presentDocument } from "../present.ts";
import { type DocumentRow, findDocument, findDocumentWithClone } from "../queries.ts";
import { viewerOf } from "../viewer.ts";

/** A document of the actor's workspace that they may see. Throws `not_found`. */
export async function getDocument(ctx: Context<UserActor>, id: string): Promise<DocumentRow> {
  const row = await findDocument(ctx.db, ctx.actor, id);
  if (!row) throw notFound("document");
  return row;
}

/** A document as it is now, with its newest run. Throws `not_found`. */
export async function shownNow(ctx: Context<UserActor>, id: string): Promise<Document> {
  const [row, runs] = await Promise.all([getDocument(ctx, id), latestRuns(ctx.db, [id])]);
  return presentDocument(row, runs.get(id) ?? null);
}

/**
 * A document that the actor may read: their workspace's own, or, where a public or unlisted clone shows its documents, anybody's
 * who may talk to it. Throws `not_found` for all others.
 */
export async function getReadableDocument(ctx: Context, id: string): Promise<DocumentRow> {
  const found = await findDocumentWithClone(ctx.db, id);
  if (!found) throw notFound("document");
  const { document, visibility, sourceAccess } = found;
  const { actor } = ctx;
  const shared =
    visibility !== "private" &&
    sourceAccess === "documents" &&
    document.status === "indexed" &&
    document.access === "public";
  const { memberId } = viewerOf(actor, document);
  const own = memberId !== null && (document.access !== "me" || document.createdBy === memberId);
  const visits = actor.kind === "visitor" ? actor.cloneId === document.cloneId : actor.kind === "user";
  if (own || (shared && visits)) return document;
  throw notFound("document");
}
