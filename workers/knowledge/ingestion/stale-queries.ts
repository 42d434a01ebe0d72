import { and, count, eq, not, sql } from "drizzle-orm";
import { isBoundClone } from "../../clones/queries.ts";
import type { Database } from "../../db/client.ts";
import { documents, pipelineConfigs, pipelineRuns, pipelineSteps } from "../../db/schema/knowledge.ts";
import type { DocumentRow } from "../queries.ts";

/** What a document is read by whose clone says nothing else. */
export interface Defaults {
  chunking: string;
  embedder: string;
  /** The same for clones that are bound to the owner's own machines. */
  ownEmbedder: string;
}

/** Searchable documents that were read in another way than their clone's is now. */
const isStale = ({ chunking, embedder, ownEmbedder }: Defaults) =>
  and(
    eq(documents.status, "indexed"),
    sql`(${documents.embedder} IS NOT coalesce(${pipelineConfigs.embedder},
        CASE WHEN ${isBoundClone(documents.cloneId)} THEN ${ownEmbedder} ELSE ${embedder} END)
      OR ${documents.chunking} IS NOT coalesce(${pipelineConfigs.chunking}, ${chunking}))`,
  );

const runsOf = sql`SELECT 1 FROM ${pipelineRuns} WHERE ${pipelineRuns.documentId} = ${documents.id}`;

/**
 * What keeps a document from being read anew: a run that is under way, which may have cut the text already; or one since `before` that has
 * failed, or went over the text as it was set then. Of a run before the last change of the configuration nothing follows for the next.
 */
const wasTriedSince = (before: number) => sql`EXISTS (${runsOf} AND (${pipelineRuns.status} = 'running'
  OR ${pipelineRuns.createdAt} >= max(${before}, coalesce(${pipelineConfigs.updatedAt}, 0)) AND (${pipelineRuns.status} = 'failed'
    OR EXISTS (SELECT 1 FROM ${pipelineSteps} WHERE ${pipelineSteps.runId} = ${pipelineRuns.id} AND ${pipelineSteps.attempts} = 0))))`;

/** Stale documents that nothing was tried for since `before`, in vain; a hundred at most, of one clone or of all. */
export async function listStaleDocuments(
  db: Database,
  defaults: Defaults,
  { before, cloneId }: { before: number; cloneId?: string },
): Promise<DocumentRow[]> {
  const rows = await db
    .select({ document: documents })
    .from(documents)
    .leftJoin(pipelineConfigs, eq(pipelineConfigs.cloneId, documents.cloneId))
    .where(and(isStale(defaults), cloneId === undefined ? not(wasTriedSince(before)) : eq(documents.cloneId, cloneId)))
    .limit(100);
  return rows.map(({ document }) => document);
}

/** How many of a clone's searchable documents are not yet read in its way, and why the last try failed with one of them; null where none has. */
export async function measureStaleDocuments(
  db: Database,
  defaults: Defaults,
  cloneId: string,
): Promise<{ count: number; error: string | null }> {
  const failure = sql`(SELECT CASE WHEN ${pipelineRuns.status} = 'failed' AND ${pipelineRuns.version} IS NULL THEN ${pipelineRuns.error} END
    FROM ${pipelineRuns} WHERE ${pipelineRuns.documentId} = ${documents.id} ORDER BY ${pipelineRuns.id} DESC LIMIT 1)`;
  const rows = await db
    .select({ count: count(), error: sql<string | null>`max(${failure})` })
    .from(documents)
    .leftJoin(pipelineConfigs, eq(pipelineConfigs.cloneId, documents.cloneId))
    .where(and(isStale(defaults), eq(documents.cloneId, cloneId)));
  return rows[0] ?? { count: 0, error: null };
}
