import { and, desc, eq, lt, ne, sql } from "drizzle-orm";
import type { Database } from "../../db/client.ts";
import { documents, pipelineRuns, pipelineSteps } from "../../db/schema/knowledge.ts";
import { stages } from "../contract.ts";

export type RunRow = typeof pipelineRuns.$inferSelect;
export type StepRow = typeof pipelineSteps.$inferSelect;
export type Step = StepRow["step"];

export type LatestRun = Pick<RunRow, "id" | "status" | "version" | "error">;

/** The newest run of each of the documents. */
export async function latestRuns(db: Database, documentIds: string[]): Promise<Map<string, LatestRun>> {
  if (documentIds.length === 0) return new Map();
  // One JSON parameter: a page may hold more ids than D1 binds.
  const rows = await db
    // SQLite takes the other columns from the row that has the greatest.
    .select({
      id: sql<string>`max(${pipelineRuns.id})`,
      documentId: pipelineRuns.documentId,
      status: pipelineRuns.status,
      version: pipelineRuns.version,
      error: pipelineRuns.error,
    })
    .from(pipelineRuns)
    .where(sql`${pipelineRuns.documentId} IN (SELECT value FROM json_each(${JSON.stringify(documentIds)}))`)
    .groupBy(pipelineRuns.documentId);
  return new Map(rows.map(({ documentId, ...run }) => [documentId, run]));
}

/** A run with its steps in order; undefined where it is not the workspace's. */
export async function findRun(
  db: Database,
  workspaceId: string,
  id: string,
): Promise<{ run: RunRow; steps: StepRow[] } | undefined> {
  const [runs, steps] = await Promise.all([
    db
      .select()
      .from(pipelineRuns)
      .where(and(eq(pipelineRuns.id, id), eq(pipelineRuns.workspaceId, workspaceId))),
    listSteps(db, id),
  ]);
  return runs[0] && { run: runs[0], steps };
}

/** A run by its id alone, for the pipeline. */
export async function findAnyRun(db: Database, id: string): Promise<RunRow | undefined> {
  const rows = await db.select().from(pipelineRuns).where(eq(pipelineRuns.id, id));
  return rows[0];
}

/** The runs of a document that have not ended, by their ids. */
export async function listRunning(db: Database, documentId: string): Promise<string[]> {
  const rows = await db
    .select({ id: pipelineRuns.id })
    .from(pipelineRuns)
    .where(and(eq(pipelineRuns.documentId, documentId), eq(pipelineRuns.status, "running")));
  return rows.map(({ id }) => id);
}

/** The steps of a run, in the order in which they are taken. */
export async function listSteps(db: Database, runId: string): Promise<StepRow[]> {
  const rows = await db.select().from(pipelineSteps).where(eq(pipelineSteps.runId, runId));
  return rows.toSorted((a, b) => stages.indexOf(a.step) - stages.indexOf(b.step));
}

/**
 * Unfinished runs whose document was not touched since `before`, with the end of the lease that somebody holds and how often what was at
 * work on a step of theirs has ended.
 */
export async function listStandingRuns(db: Database, before: number) {
  const rows = await db
    .select({
      runId: pipelineRuns.id,
      document: documents,
      version: pipelineRuns.version,
      leaseUntil: sql<number | null>`max(${pipelineSteps.leaseUntil})`,
      deaths: sql<number>`max(${pipelineSteps.deaths})`,
    })
    .from(pipelineRuns)
    .innerJoin(documents, eq(documents.id, pipelineRuns.documentId))
    .innerJoin(pipelineSteps, eq(pipelineSteps.runId, pipelineRuns.id))
    .where(and(eq(pipelineRuns.status, "running"), ne(documents.status, "failed"), lt(documents.updatedAt, before)))
    .groupBy(pipelineRuns.id)
    .orderBy(desc(pipelineRuns.id))
    .limit(500);
  // A document that was started over has one run that counts.
  return [...new Map(rows.toReversed().map((row) => [row.document.id, row])).values()];
}

/** Notes that documents were put back on the queue, so that the next sweep leaves them time. */
export async function touchDocuments(db: Database, ids: string[], now: number): Promise<void> {
  await db
    .update(documents)
    .set({ updatedAt: now })
    .where(sql`${documents.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`);
}

/** Ends every lease, and counts that its holder has ended: only for a start at which no other process can be alive. */
export async function dropLeases(db: Database): Promise<void> {
  await db
    .update(pipelineSteps)
    .set({ leaseUntil: null, deaths: sql`${pipelineSteps.deaths} + 1` })
    .where(sql`${pipelineSteps.leaseUntil} IS NOT NULL`);
}
