import { and, desc, eq, inArray, isNotNull, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { clones } from "../db/schema/clones.ts";
import { type DocumentVersion, documents, pipelineConfigs } from "../db/schema/knowledge.ts";
import { type Asker, type Viewer, viewerOf } from "./viewer.ts";

export type DocumentRow = typeof documents.$inferSelect;
export type { DocumentVersion };
export type NewDocument = typeof documents.$inferInsert;

/** The documents that a viewer may know of; in the WHERE of everything that is shown or answered from. */
export function visibleTo({ memberId }: Viewer): SQL | undefined {
  if (memberId === null) return eq(documents.access, "public");
  return or(inArray(documents.access, ["public", "members"]), eq(documents.createdBy, memberId));
}

/** Matches the documents that whoever asks may see, of whatever workspace: what `visibleTo` says of their own, else what is public. */
function visibleToAsker(asker: Asker): SQL | undefined {
  const toAnybody = visibleTo({ memberId: null });
  if (asker.kind !== "user") return toAnybody;
  return or(toAnybody, and(eq(documents.workspaceId, asker.workspaceId), visibleTo(viewerOf(asker, asker))));
}

/** A clone, and who looks at its documents. */
export interface OfClone {
  workspaceId: string;
  cloneId: string;
  viewer: Viewer;
}

/** A clone's documents that are whole and that the viewer may know of. */
const searchable = ({ workspaceId, cloneId, viewer }: OfClone) =>
  and(
    eq(documents.cloneId, cloneId),
    eq(documents.workspaceId, workspaceId),
    eq(documents.status, "indexed"),
    visibleTo(viewer),
  );

/** A document of one workspace that its member may see, or undefined. */
export async function findDocument(
  db: Database,
  { workspaceId, userId }: { workspaceId: string; userId: string },
  id: string,
): Promise<DocumentRow | undefined> {
  const rows = await db
    .select()
    .from(documents)
    .where(and(eq(documents.id, id), eq(documents.workspaceId, workspaceId), visibleTo({ memberId: userId })));
  return rows[0];
}

/** A document with what decides who else may read it; undefined where it, or its clone, is gone. */
export async function findDocumentWithClone(db: Database, id: string) {
  const rows = await db
    .select({ document: documents, visibility: clones.visibility, sourceAccess: clones.sourceAccess })
    .from(documents)
    .innerJoin(clones, eq(clones.id, documents.cloneId))
    .where(and(eq(documents.id, id), isNull(clones.deletedAt)));
  return rows[0];
}

/** A document by its id alone, for the pipeline. */
export async function findAnyDocument(db: Database, id: string): Promise<DocumentRow | undefined> {
  const rows = await db.select().from(documents).where(eq(documents.id, id));
  return rows[0];
}

/** The clone's documents with the same bytes as any of these. */
export function listSameBytes(db: Database, cloneId: string, sha256s: string[]): Promise<DocumentRow[]> {
  return db
    .select()
    .from(documents)
    .where(
      and(
        eq(documents.cloneId, cloneId),
        sql`${documents.sha256} IN (SELECT value FROM json_each(${JSON.stringify(sha256s)}))`,
      ),
    );
}

/** The names of documents that are whole, belong to this clone and workspace and may be seen, by id: of those given, or of so many. */
export async function listFilenames(
  db: Database,
  of: OfClone,
  which: { ids: string[] } | { limit: number },
): Promise<Map<string, string>> {
  const ids = "ids" in which ? which.ids : null;
  const rows = await db
    .select({ id: documents.id, filename: documents.filename })
    .from(documents)
    .where(
      and(
        searchable(of),
        ids ? sql`${documents.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))` : undefined,
      ),
    )
    .limit("limit" in which ? which.limit : which.ids.length);
  return filenamesIn(rows);
}

export const filenamesIn = (rows: { id: string; filename: string }[]): Map<string, string> =>
  new Map(rows.map(({ id, filename }) => [id, filename]));

/** The names of so many documents that are whole and that `asker` may see, of a clone that an expression names. */
export function selectFilenamesFor(db: Database, cloneId: SQL, asker: Asker, { limit }: { limit: number }) {
  return db
    .select({ id: documents.id, filename: documents.filename })
    .from(documents)
    .innerJoin(clones, and(eq(clones.id, documents.cloneId), eq(clones.workspaceId, documents.workspaceId)))
    .where(and(sql`${documents.cloneId} = ${cloneId}`, eq(documents.status, "indexed"), visibleToAsker(asker)))
    .limit(limit);
}

/** What documents have to be to be found: one of these tags, and of these days (ISO 8601, both included). */
export interface DocumentFilter {
  tags?: string[] | undefined;
  writtenFrom?: string | undefined;
  writtenTo?: string | undefined;
}

/** The ids of those of a clone's documents that a filter lets through. */
export async function listFiltered(
  db: Database,
  of: OfClone,
  { tags, writtenFrom, writtenTo }: DocumentFilter,
): Promise<string[]> {
  const hasTag = sql`EXISTS (SELECT 1 FROM json_each(${documents.tags}) AS had, json_each(${JSON.stringify(tags)}) AS wanted
    WHERE had.value = wanted.value)`;
  // A date may have a time: as text, “2024-05-01T10:00:00Z” is behind “2024-05-01”, and before “2024-05-02”.
  const day = sql`substr(${documents.date}, 1, 10)`;
  const rows = await db
    .select({ id: documents.id })
    .from(documents)
    .where(
      and(
        searchable(of),
        tags ? hasTag : undefined,
        writtenFrom ? sql`${day} >= ${writtenFrom}` : undefined,
        writtenTo ? sql`${day} <= ${writtenTo}` : undefined,
      ),
    );
  return rows.map(({ id }) => id);
}

/** What a clone's searchable documents are like, of the newest `limit`. */
export async function listSketches(
  db: Database,
  of: OfClone,
  limit: number,
): Promise<{ id: string; filename: string; sketch: string }[]> {
  const rows = await db
    .select({ id: documents.id, filename: documents.filename, sketch: documents.sketch })
    .from(documents)
    .where(and(searchable(of), isNotNull(documents.sketch)))
    .orderBy(desc(documents.createdAt))
    .limit(limit);
  return rows.flatMap(({ sketch, ...row }) => (sketch === null ? [] : [{ ...row, sketch }]));
}

/** A page of a clone's documents, newest first, from behind `after`. */
export function listDocumentPage(
  db: Database,
  { workspaceId, cloneId, viewer }: OfClone,
  { after, limit }: { after: [createdAt: number, id: string] | null; limit: number },
): Promise<DocumentRow[]> {
  const behind = after
    ? or(lt(documents.createdAt, after[0]), and(eq(documents.createdAt, after[0]), lt(documents.id, after[1])))
    : undefined;
  return db
    .select()
    .from(documents)
    .where(and(eq(documents.cloneId, cloneId), eq(documents.workspaceId, workspaceId), visibleTo(viewer), behind))
    .orderBy(desc(documents.createdAt), desc(documents.id))
    .limit(limit);
}

/** Deletes a document of one workspace with its runs: returns its id, or none where there was none. */
export function removeDocument(db: Database, workspaceId: string, id: string) {
  return db
    .delete(documents)
    .where(and(eq(documents.id, id), eq(documents.workspaceId, workspaceId)))
    .returning({ id: documents.id });
}

/** Changes what its owner says of a document. */
export function changeDocument(
  db: Database,
  id: string,
  changes: Partial<Pick<DocumentRow, "filename" | "access" | "tags" | "updatedAt">>,
) {
  return db.update(documents).set(changes).where(eq(documents.id, id));
}

/** Notes what was found out about a document while it is read. */
export async function describeDocument(
  db: Database,
  id: string,
  facts: Partial<Pick<DocumentRow, "pages" | "title" | "author" | "date" | "language" | "leftOut" | "sketch">>,
): Promise<void> {
  await db.update(documents).set(facts).where(eq(documents.id, id));
}

export async function listDocumentKeys(db: Database, cloneId: string): Promise<{ id: string; storageKey: string }[]> {
  return db
    .select({ id: documents.id, storageKey: documents.storageKey })
    .from(documents)
    .where(eq(documents.cloneId, cloneId));
}

type PipelineRow = typeof pipelineConfigs.$inferSelect;

/** What is stored of how a clone reads and searches; undefined where nobody changed that. */
export async function findPipeline(db: Database, cloneId: string): Promise<PipelineRow["config"] | undefined> {
  return (await selectPipeline(db, cloneId))[0]?.config;
}

/** What `findPipeline` asks, for who asks more in the same batch. */
export const selectPipeline = (db: Database, cloneId: string) =>
  db.select({ config: pipelineConfigs.config }).from(pipelineConfigs).where(eq(pipelineConfigs.cloneId, cloneId));

/** So many embedders at most are asked beside the one that a clone is set to. */
const mostEmbedders = 4;

/** Which embedders made the vectors of a clone's searchable documents. Goes from one to the next in the index, not through all documents. */
export const selectEmbedders = (db: Database, cloneId: string) => {
  const next = (after: SQL) => sql`SELECT min(${documents.embedder}) FROM ${documents}
    WHERE ${documents.cloneId} = ${cloneId} AND ${documents.status} = 'indexed' AND ${documents.embedder} > ${after}`;
  return db
    .select({ id: sql<string>`id` })
    .from(sql`(WITH RECURSIVE found(id) AS (
      SELECT * FROM (${next(sql`''`)}) UNION ALL SELECT (${next(sql`found.id`)}) FROM found WHERE found.id IS NOT NULL
    ) SELECT id FROM found WHERE id IS NOT NULL)`)
    .limit(mostEmbedders);
};

/** Stores how a clone reads and searches, in the place of what was stored before. */
export function upsertPipeline(db: Database, { cloneId, workspaceId, ...values }: PipelineRow) {
  return db
    .insert(pipelineConfigs)
    .values({ cloneId, workspaceId, ...values })
    .onConflictDoUpdate({ target: pipelineConfigs.cloneId, set: values });
}
