import { and, asc, count, eq, gt, type SQL, sql, sum } from "drizzle-orm";
import type { Database } from "../../db/client.ts";
import { documents, pipelineConfigs, webImports } from "../../db/schema/knowledge.ts";
import type { Erased, Seen } from "../../platform/rooms/personal-data.ts";
import { type DocumentRow, visibleTo } from "../queries.ts";

const page = 200;

const theirs = ({ workspaceId, userId }: Seen) =>
  and(eq(documents.workspaceId, workspaceId), userId === null ? undefined : visibleTo({ memberId: userId }));

/** How many documents a workspace has, and their bytes together. */
export async function measureDocuments(db: Database, seen: Seen): Promise<{ files: number; bytes: number }> {
  const [row] = await db
    .select({ files: count(), bytes: sum(documents.bytes).mapWith(Number) })
    .from(documents)
    .where(theirs(seen));
  return { files: row?.files ?? 0, bytes: row?.bytes ?? 0 };
}

/** All documents of a workspace, some at a time. */
export async function* eachDocument(db: Database, seen: Seen): AsyncGenerator<DocumentRow> {
  let after = "";
  for (;;) {
    const rows = await db
      .select()
      .from(documents)
      .where(and(theirs(seen), gt(documents.id, after)))
      .orderBy(asc(documents.id))
      .limit(page);
    yield* rows;
    after = rows.at(-1)?.id ?? after;
    if (rows.length < page) return;
  }
}

/** How many documents each clone of a workspace has. */
export async function countSeen(db: Database, seen: Seen): Promise<Map<string, number>> {
  const rows = await db
    .select({ cloneId: documents.cloneId, documents: count() })
    .from(documents)
    .where(theirs(seen))
    .groupBy(documents.cloneId);
  return new Map(rows.map((row) => [row.cloneId, row.documents]));
}

/** How the clones of a workspace search, where somebody changed that. */
export async function listPipelines(db: Database, workspaceId: string): Promise<Map<string, unknown>> {
  const { cloneId, config } = pipelineConfigs;
  const rows = await db
    .select({ cloneId, config })
    .from(pipelineConfigs)
    .where(eq(pipelineConfigs.workspaceId, workspaceId));
  return new Map(rows.map((row) => [row.cloneId, row.config]));
}

/** What was taken from websites. */
export function listWebImports(db: Database, workspaceId: string) {
  const { id, cloneId, url, found, createdBy, createdAt } = webImports;
  return db
    .select({ id, cloneId, url, found, createdBy, createdAt })
    .from(webImports)
    .where(eq(webImports.workspaceId, workspaceId))
    .orderBy(asc(createdAt));
}

/** Documents of the workspaces, and those elsewhere that only the person sees. */
export function documentsHeld({ userId, listed }: Erased): SQL {
  const alone = userId === null ? sql`` : sql` OR (created_by = ${userId} AND access = 'me')`;
  return sql`SELECT id FROM ${documents} WHERE workspace_id IN ${listed("workspace")}${alone}`;
}

/** Documents that the person alone sees, in workspaces that stay. */
export function privateDocumentsLeft(db: Database, userId: string, { listed }: Erased, limit: number) {
  const { cloneId, storageKey } = documents;
  return db
    .select({ documentId: documents.id, cloneId, storageKey })
    .from(documents)
    .where(
      and(
        eq(documents.createdBy, userId),
        eq(documents.access, "me"),
        sql`${documents.workspaceId} NOT IN ${listed("workspace")}`,
      ),
    )
    .limit(limit);
}

export async function removeDocumentRow(db: Database, id: string): Promise<void> {
  await db.delete(documents).where(eq(documents.id, id));
}
