import { and, count, eq, sql } from "drizzle-orm";
import type { Database } from "../../db/client.ts";
import { documents, pipelineConfigs, pipelineRuns } from "../../db/schema/knowledge.ts";
import type { DocumentRow } from "../queries.ts";

/** What a document is read by whose clone says nothing else. */
export interface Defaults {
  chunking: string;
  embedder: string;
}

/** Searchable documents that were read in another way than their clone's is now. */
const isStale = ({ chunking, embedder }: Defaults) =>
  and(
    eq(documents.status, "indexed"),
    sql`(${documents.embedder} IS NOT coalesce(${pipelineConfigs.embedder}, ${embedder})
      OR ${documents.chunking} IS NOT coalesce(${pipelineConfigs.chunking}, ${chunking}))`,
  );

const runsOf = sql`SELECT 1 FROM ${pipelineRuns} WHERE ${pipelineRuns.documentId} = ${documents.id}`;

/** Stale documents for which nothing was tried since `before`; a hundred at most, of one clone or of all. */
export async function listStaleDocuments(
  db: Database,
  defaults: Defaults,
  { before, cloneId }: { before: number; cloneId?: string },
): Promise<DocumentRow[]> {
  const rows = await db
    .select({ document: documents })
    .from(documents)
    .leftJoin(pipelineConfigs, eq(pipelineConfigs.cloneId, documents.cloneId))
    .where(
      and(
        isStale(defaults),
        cloneId === undefined ? undefined : eq(documents.cloneId, cloneId),
        // A run that is under way may have cut the text already.
        cloneId === undefined
          ? sql`NOT EXISTS (${runsOf} AND (${pipelineRuns.status} = 'running' OR ${pipelineRuns.createdAt} >= ${before}))`
          : undefined,
      ),
    )
    .limit(100);
  return rows.map(({ document }) => document);
}

/** How many of a clone's searchable documents are not yet read in its way. */
export async function countStaleDocuments(db: Database, defaults: Defaults, cloneId: string): Promise<number> {
  const rows = await db
    .select({ count: count() })
    .from(documents)
    .leftJoin(pipelineConfigs, eq(pipelineConfigs.cloneId, documents.cloneId))
    .where(and(isStale(defaults), eq(documents.cloneId, cloneId)));
  return rows[0]?.count ?? 0;
}
