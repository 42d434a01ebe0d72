import { and, count, eq, lt } from "drizzle-orm";
import type { AuditStatements } from "../../audit/record.ts";
import type { Database } from "../../db/client.ts";
import { inRuns } from "../../db/in-runs.ts";
import { documents, webImportPages, webImports } from "../../db/schema/knowledge.ts";
import type { DocumentRow } from "../queries.ts";

export type WebImportRow = typeof webImports.$inferSelect;
export type WebPageRow = typeof webImportPages.$inferSelect;

/** A clone's document that was imported from this address, or undefined. */
export async function findBySource(db: Database, cloneId: string, url: string): Promise<DocumentRow | undefined> {
  const rows = await db
    .select()
    .from(documents)
    .where(and(eq(documents.cloneId, cloneId), eq(documents.sourceUrl, url)));
  return rows[0];
}

/** Notes an import with its pages: all or nothing. */
export async function insertImport(
  db: Database,
  row: WebImportRow,
  pages: WebPageRow[],
  audit: AuditStatements,
): Promise<void> {
  // Six values a row, and D1 binds a hundred.
  const parts = inRuns(pages, 15).map((rows) => db.insert(webImportPages).values(rows));
  await db.batch([db.insert(webImports).values(row), ...parts, ...audit]);
}

/** An import of one workspace with its pages, or undefined. */
export async function findImport(
  db: Database,
  workspaceId: string,
  id: string,
): Promise<{ row: WebImportRow; pages: WebPageRow[] } | undefined> {
  const [rows, pages] = await Promise.all([
    db
      .select()
      .from(webImports)
      .where(and(eq(webImports.id, id), eq(webImports.workspaceId, workspaceId))),
    db.select().from(webImportPages).where(eq(webImportPages.importId, id)),
  ]);
  return rows[0] && { row: rows[0], pages };
}

/** A page that still has to be taken, with its import; undefined where it was, or the import is gone. */
export async function findWaitingPage(db: Database, importId: string, url: string): Promise<WebImportRow | undefined> {
  const rows = await db
    .select({ row: webImports })
    .from(webImportPages)
    .innerJoin(webImports, eq(webImports.id, webImportPages.importId))
    .where(
      and(eq(webImportPages.importId, importId), eq(webImportPages.url, url), eq(webImportPages.status, "waiting")),
    );
  return rows[0]?.row;
}

/** Notes what became of a page. */
export async function settlePage(
  db: Database,
  at: { importId: string; url: string },
  outcome: Pick<WebPageRow, "status" | "documentId" | "error">,
  now: number,
): Promise<void> {
  await db
    .update(webImportPages)
    .set({ ...outcome, updatedAt: now })
    .where(and(eq(webImportPages.importId, at.importId), eq(webImportPages.url, at.url)));
}

/** Pages that have waited since before `before`, oldest first, a hundred at most; they count as put back at `now`. */
export async function takeStandingPages(db: Database, before: number, now: number) {
  const rows = await db
    .select({ importId: webImportPages.importId, url: webImportPages.url })
    .from(webImportPages)
    .where(and(eq(webImportPages.status, "waiting"), lt(webImportPages.updatedAt, before)))
    .orderBy(webImportPages.updatedAt)
    .limit(100);
  for (const { importId, url } of rows)
    await settlePage(db, { importId, url }, { status: "waiting", documentId: null, error: null }, now);
  return rows;
}

/** How many pages of a clone's imports still have to be taken. */
export async function countWaiting(db: Database, cloneId: string): Promise<number> {
  const rows = await db
    .select({ count: count() })
    .from(webImportPages)
    .innerJoin(webImports, eq(webImports.id, webImportPages.importId))
    .where(and(eq(webImports.cloneId, cloneId), eq(webImportPages.status, "waiting")));
  return rows[0]?.count ?? 0;
}
