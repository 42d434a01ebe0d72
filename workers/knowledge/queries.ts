import { and, desc, eq, inArray, isNotNull, isNull, lt, ne, or, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { clones } from "../db/schema/clones.ts";
import { documents, pipelineConfigs, pipelineRuns, pipelineSteps } from "../db/schema/knowledge.ts";
import { stages } from "./contract.ts";

export type DocumentRow = typeof documents.$inferSelect;
export type RunRow = typeof pipelineRuns.$inferSelect;
export type StepRow = typeof pipelineSteps.$inferSelect;
export type Step = StepRow["step"];

type Statements = Parameters<Database["batch"]>[0];

/** A document of one workspace, or undefined. */
export async function findDocument(db: Database, workspaceId: string, id: string): Promise<DocumentRow | undefined> {
  const rows = await db
    .select()
    .from(documents)
    .where(and(eq(documents.id, id), eq(documents.workspaceId, workspaceId)));
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

/** The clone's document with the same bytes, or undefined. */
export async function findSameBytes(db: Database, cloneId: string, sha256: string): Promise<DocumentRow | undefined> {
  const rows = await db
    .select()
    .from(documents)
    .where(and(eq(documents.cloneId, cloneId), eq(documents.sha256, sha256)));
  return rows[0];
}

/** A page of a clone's documents, newest first, from behind `after`. */
export function listDocumentPage(
  db: Database,
  clone: { id: string; workspaceId: string },
  { after, limit }: { after: [createdAt: number, id: string] | null; limit: number },
): Promise<DocumentRow[]> {
  const behind = after
    ? or(lt(documents.createdAt, after[0]), and(eq(documents.createdAt, after[0]), lt(documents.id, after[1])))
    : undefined;
  return db
    .select()
    .from(documents)
    .where(and(eq(documents.cloneId, clone.id), eq(documents.workspaceId, clone.workspaceId), behind))
    .orderBy(desc(documents.createdAt), desc(documents.id))
    .limit(limit);
}

/** The newest run of each of the documents. */
export async function latestRuns(db: Database, documentIds: string[]): Promise<Map<string, string>> {
  if (documentIds.length === 0) return new Map();
  // One JSON parameter: a page may hold more ids than D1 binds.
  const rows = await db
    .select({ id: sql<string>`max(${pipelineRuns.id})`, documentId: pipelineRuns.documentId })
    .from(pipelineRuns)
    .where(sql`${pipelineRuns.documentId} IN (SELECT value FROM json_each(${JSON.stringify(documentIds)}))`)
    .groupBy(pipelineRuns.documentId);
  return new Map(rows.map(({ id, documentId }) => [documentId, id]));
}

function runStatements(db: Database, run: { id: string; workspaceId: string; documentId: string }, now: number) {
  return [
    db.insert(pipelineRuns).values({ ...run, status: "running", createdAt: now }),
    db.insert(pipelineSteps).values(stages.map((step) => ({ runId: run.id, step, status: "waiting" as const }))),
  ];
}

/** Stores a new document with its first run, in one batch. */
export async function insertDocument(db: Database, row: typeof documents.$inferInsert, runId: string): Promise<void> {
  await db.batch([
    db.insert(documents).values(row),
    ...runStatements(db, { id: runId, workspaceId: row.workspaceId, documentId: row.id }, row.createdAt),
  ] as unknown as Statements);
}

/** Starts a document over with a new run. */
export async function restartDocument(db: Database, document: DocumentRow, runId: string, now: number): Promise<void> {
  await db.batch([
    db
      .update(documents)
      .set({ status: "queued", stage: null, progress: 0, errorCode: null, errorMessage: null, updatedAt: now })
      .where(and(eq(documents.id, document.id), eq(documents.workspaceId, document.workspaceId))),
    ...runStatements(db, { id: runId, workspaceId: document.workspaceId, documentId: document.id }, now),
  ] as unknown as Statements);
}

/** Deletes a document of one workspace with its runs; true where there was one. */
export async function removeDocument(db: Database, workspaceId: string, id: string): Promise<boolean> {
  const rows = await db
    .delete(documents)
    .where(and(eq(documents.id, id), eq(documents.workspaceId, workspaceId)))
    .returning({ id: documents.id });
  return rows.length > 0;
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

/** The steps of a run, in the order in which they are taken. */
export async function listSteps(db: Database, runId: string): Promise<StepRow[]> {
  const rows = await db.select().from(pipelineSteps).where(eq(pipelineSteps.runId, runId));
  return rows.toSorted((a, b) => stages.indexOf(a.step) - stages.indexOf(b.step));
}

/** Takes a step for `leaseMs`, unless it is done or somebody else has it: of several takers one gets it. */
export async function takeStep(
  db: Database,
  runId: string,
  step: Step,
  now: number,
  leaseMs: number,
): Promise<boolean> {
  const rows = await db
    .update(pipelineSteps)
    .set({
      status: "running",
      leaseUntil: now + leaseMs,
      startedAt: now,
      error: null,
      attempts: sql`${pipelineSteps.attempts} + 1`,
    })
    .where(
      and(
        eq(pipelineSteps.runId, runId),
        eq(pipelineSteps.step, step),
        ne(pipelineSteps.status, "succeeded"),
        or(isNull(pipelineSteps.leaseUntil), lt(pipelineSteps.leaseUntil, now)),
      ),
    )
    .returning({ step: pipelineSteps.step });
  return rows.length > 0;
}

/** Shows how far a document is, and keeps the step's lease. */
export async function reportProgress(
  db: Database,
  at: { documentId: string; runId: string; step: Step; progress: number },
  now: number,
  leaseMs: number,
): Promise<void> {
  await db.batch([
    db
      .update(documents)
      .set({ status: "processing", stage: at.step, progress: at.progress, updatedAt: now })
      .where(and(eq(documents.id, at.documentId), inArray(documents.status, ["queued", "processing"]))),
    db
      .update(pipelineSteps)
      .set({ leaseUntil: now + leaseMs })
      .where(
        and(eq(pipelineSteps.runId, at.runId), eq(pipelineSteps.step, at.step), eq(pipelineSteps.status, "running")),
      ),
  ]);
}

export async function finishStep(
  db: Database,
  runId: string,
  step: Step,
  output: Record<string, number>,
  startedAt: number,
  now: number,
): Promise<void> {
  await db
    .update(pipelineSteps)
    .set({ status: "succeeded", output, leaseUntil: null, finishedAt: now, durationMs: now - startedAt })
    .where(and(eq(pipelineSteps.runId, runId), eq(pipelineSteps.step, step)));
}

/** Lets a step go after a failure that may pass, so that the next delivery takes it at once. */
export async function releaseStep(db: Database, runId: string, step: Step, error: string): Promise<void> {
  await db
    .update(pipelineSteps)
    .set({ status: "waiting", leaseUntil: null, error })
    .where(and(eq(pipelineSteps.runId, runId), eq(pipelineSteps.step, step), eq(pipelineSteps.status, "running")));
}

/** Marks a document as searchable. False where it was deleted, or started over, meanwhile. */
export async function completeDocument(
  db: Database,
  at: { documentId: string; runId: string },
  facts: { pages: number | null; chunkCount: number },
  now: number,
): Promise<boolean> {
  const done = {
    status: "indexed" as const,
    stage: null,
    progress: 1,
    errorCode: null,
    errorMessage: null,
    indexedAt: now,
    updatedAt: now,
  };
  const [rows] = await db.batch([
    db
      .update(documents)
      .set({ ...done, ...facts })
      .where(eq(documents.id, at.documentId))
      .returning({ id: documents.id }),
    db.update(pipelineRuns).set({ status: "succeeded", finishedAt: now }).where(eq(pipelineRuns.id, at.runId)),
  ]);
  return rows.length > 0;
}

/** Marks a document, its run and the step under way as failed, with a sentence for its owner. */
export async function failDocument(
  db: Database,
  at: { documentId: string; runId: string },
  failure: { code: string; message: string },
  now: number,
): Promise<void> {
  await db.batch([
    db
      .update(documents)
      .set({ status: "failed", errorCode: failure.code, errorMessage: failure.message, updatedAt: now })
      .where(and(eq(documents.id, at.documentId), ne(documents.status, "indexed"))),
    db
      .update(pipelineRuns)
      .set({ status: "failed", finishedAt: now })
      .where(and(eq(pipelineRuns.id, at.runId), eq(pipelineRuns.status, "running"))),
    db
      .update(pipelineSteps)
      .set({ status: "failed", error: failure.message, leaseUntil: null, finishedAt: now })
      .where(and(eq(pipelineSteps.runId, at.runId), eq(pipelineSteps.status, "running"))),
  ]);
}

/** Runs whose document is unfinished and was not touched since `before`, with the end of the lease that somebody holds. */
export function listStandingRuns(db: Database, before: number) {
  return db
    .select({
      documentId: documents.id,
      runId: sql<string>`max(${pipelineRuns.id})`,
      leaseUntil: sql<number | null>`max(${pipelineSteps.leaseUntil})`,
    })
    .from(documents)
    .innerJoin(pipelineRuns, and(eq(pipelineRuns.documentId, documents.id), eq(pipelineRuns.status, "running")))
    .innerJoin(pipelineSteps, eq(pipelineSteps.runId, pipelineRuns.id))
    .where(and(inArray(documents.status, ["queued", "processing"]), lt(documents.updatedAt, before)))
    .groupBy(documents.id)
    .limit(500);
}

/** Notes that documents were put back on the queue, so that the next sweep leaves them time. */
export async function touchDocuments(db: Database, ids: string[], now: number): Promise<void> {
  await db
    .update(documents)
    .set({ updatedAt: now })
    .where(sql`${documents.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`);
}

/** Ends every lease: only for a start at which no other process can be alive. */
export async function dropLeases(db: Database): Promise<void> {
  await db.update(pipelineSteps).set({ leaseUntil: null }).where(isNotNull(pipelineSteps.leaseUntil));
}

export async function readPipelineConfig(db: Database, cloneId: string) {
  const rows = await db.select().from(pipelineConfigs).where(eq(pipelineConfigs.cloneId, cloneId));
  return rows[0];
}

export async function writePipelineConfig(db: Database, row: typeof pipelineConfigs.$inferInsert): Promise<void> {
  const { chunkSize, chunkOverlap, updatedAt } = row;
  await db
    .insert(pipelineConfigs)
    .values(row)
    .onConflictDoUpdate({ target: pipelineConfigs.cloneId, set: { chunkSize, chunkOverlap, updatedAt } });
}

/** Clones that were deleted and whose knowledge is still there. */
export function listDeletedClones(db: Database) {
  return db
    .select({ id: clones.id, workspaceId: clones.workspaceId })
    .from(clones)
    .where(isNotNull(clones.deletedAt))
    .limit(50);
}

export async function listDocumentKeys(db: Database, cloneId: string): Promise<{ id: string; storageKey: string }[]> {
  return db
    .select({ id: documents.id, storageKey: documents.storageKey })
    .from(documents)
    .where(eq(documents.cloneId, cloneId));
}

/** Removes a deleted clone's row for good, with its documents' rows. */
export async function forgetClone(db: Database, cloneId: string): Promise<void> {
  await db.delete(clones).where(and(eq(clones.id, cloneId), isNotNull(clones.deletedAt)));
}
