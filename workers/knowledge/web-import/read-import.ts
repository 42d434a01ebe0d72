import { iso } from "../../platform/clock.ts";
import { notFound } from "../../platform/errors.ts";
import type { Context, UserActor } from "../../workspaces/context.ts";
import { operation } from "../../workspaces/operation.ts";
import { tags, type WebImport, webImport } from "../contract.ts";
import { findImport } from "./queries.ts";

/** An import of the actor's workspace with its pages, as it is now. Throws `not_found`. */
export async function importNow({ db, actor }: Context<UserActor>, id: string): Promise<WebImport> {
  const found = await findImport(db, actor.workspaceId, id);
  if (!found) throw notFound("import");
  const { row, pages } = found;
  return {
    id: row.id,
    clone_id: row.cloneId,
    url: row.url,
    status: pages.some(({ status }) => status === "waiting") ? "running" : "done",
    found: row.found,
    disallowed: row.disallowed,
    pages: pages.map(({ url, status, documentId, error }) => ({ url, status, document_id: documentId, error })),
    created_at: iso(row.createdAt),
  };
}

export const readImport = operation({
  summary: "How far the import of a website is",
  tags,
  action: "document.read",
  params: ["id"],
  output: webImport,
  run: (ctx, { params: { id } }) => importNow(ctx, id),
});
