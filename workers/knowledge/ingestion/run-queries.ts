import { and, count, desc, eq, inArray, isNull, lt, ne, or, sql } from "drizzle-orm";
import type { AuditStatements } from "../../audit/record.ts";
import type { Database } from "../../db/client.ts";
import {
  type DocumentVersion,
  documents,
  pipelineConfigs,
  pipelineRuns,
  pipelineSteps,
} from "../../db/schema/knowledge.ts";
import { stages } from "../contract.ts";
import type { DocumentRow, NewDocument } from "../queries.ts";

export type RunRow = typeof pipelineRuns.$inferSelect;
export type StepRow = typeof pipelineSteps.$inferSelect;
export type Step = StepRow["step"];

export type LatestRun = Pick<RunRow, "id" | "status" | "version" | "error">;

type Statements = Parameters<Database["batch"]>[0];

/** A step that somebody has taken: `attempt` tells their writes from those of whoever takes it after their lease has ended. */
export interface TakenStep {
  documentId: string;
  runId: string;
  step: Step;
  attempt: number;
}

/** Matches a step as long as it is the taker's. */
const held = ({ runId, step, attempt }: TakenStep) =>
  and(
    eq(pipelineSteps.runId, runId),
    eq(pipelineSteps.step, step),
    eq(pipelineSteps.attempts, attempt),
    eq(pipelineSteps.status, "running"),
  );

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

/** The steps of a run, in the order in which they are taken. */
export async function listSteps(db: Database, runId: string): Promise<StepRow[]> {
  const rows = await db.select().from(pipelineSteps).where(eq(pipelineSteps.runId, runId));
  return rows.toSorted((a, b) => stages.indexOf(a.step) - stages.indexOf(b.step));
}

function runStatements(
  db: Database,
  run: { id: string; workspaceId: string; documentId: string; version?: DocumentVersion },
  now: number,
  done: Step[] = [],
) {
  const steps = stages.map((step) => ({
    runId: run.id,
    step,
    status: done.includes(step) ? ("succeeded" as const) : ("waiting" as const),
  }));
  return [
    db.insert(pipelineRuns).values({ ...run, status: "running", createdAt: now }),
    db.insert(pipelineSteps).values(steps),
  ];
}

/** Ends the runs of a document that another is about to replace; whoever is at work on one finds it out at the end of the step. */
const endRuns = (db: Database, documentId: string, now: number) => [
  db
    .update(pipelineSteps)
    .set({ status: "failed", leaseUntil: null, error: "A newer run took the place of this one." })
    .where(
      and(
        inArray(pipelineSteps.status, ["waiting", "running"]),
        sql`${pipelineSteps.runId} IN (SELECT ${pipelineRuns.id} FROM ${pipelineRuns}
          WHERE ${pipelineRuns.documentId} = ${documentId} AND ${pipelineRuns.status} = 'running')`,
      ),
    ),
  db
    .update(pipelineRuns)
    .set({ status: "failed", finishedAt: now })
    .where(and(eq(pipelineRuns.documentId, documentId), eq(pipelineRuns.status, "running"))),
];

/** Stores new documents, each with its first run: all of them or none. */
export async function insertDocuments(
  db: Database,
  rows: { row: NewDocument; runId: string }[],
  audit: AuditStatements,
): Promise<void> {
  const statements = rows.flatMap(({ row, runId }) => [
    db.insert(documents).values(row),
    ...runStatements(db, { id: runId, workspaceId: row.workspaceId, documentId: row.id }, row.createdAt),
  ]);
  await db.batch([...statements, ...audit] as unknown as Statements);
}

const fromTheStart = { status: "queued", stage: null, progress: 0, errorCode: null, errorMessage: null } as const;

/** Starts a document over with a new run. */
export async function restartDocument(
  db: Database,
  document: DocumentRow,
  runId: string,
  now: number,
  audit: AuditStatements,
): Promise<void> {
  await db.batch([
    db
      .update(documents)
      .set({ ...fromTheStart, updatedAt: now })
      .where(and(eq(documents.id, document.id), eq(documents.workspaceId, document.workspaceId))),
    ...endRuns(db, document.id, now),
    ...runStatements(db, { id: runId, workspaceId: document.workspaceId, documentId: document.id }, now),
    ...audit,
  ] as unknown as Statements);
}

/** Has another file read that is to take the place of a searchable document's own. */
export async function insertVersionRun(
  db: Database,
  document: DocumentRow,
  version: DocumentVersion,
  runId: string,
  now: number,
  audit: AuditStatements,
): Promise<void> {
  const run = { id: runId, workspaceId: document.workspaceId, documentId: document.id, version };
  await db.batch([
    db.update(documents).set({ updatedAt: now }).where(eq(documents.id, document.id)),
    ...endRuns(db, document.id, now),
    ...runStatements(db, run, now),
    ...audit,
  ] as unknown as Statements);
}

/** Gives a document that is not searchable yet another file, and starts it over. */
export async function replaceUnread(
  db: Database,
  document: DocumentRow,
  version: DocumentVersion,
  runId: string,
  now: number,
  audit: AuditStatements,
): Promise<void> {
  await db.batch([
    db
      .update(documents)
      .set({ ...version, ...fromTheStart, updatedAt: now })
      .where(eq(documents.id, document.id)),
    ...endRuns(db, document.id, now),
    ...runStatements(db, { id: runId, workspaceId: document.workspaceId, documentId: document.id }, now),
    ...audit,
  ] as unknown as Statements);
}

/** Gives an indexed document, which stays searchable meanwhile, a run that goes over its text anew. */
export async function insertRefreshRun(db: Database, document: DocumentRow, runId: string, now: number): Promise<void> {
  const run = { id: runId, workspaceId: document.workspaceId, documentId: document.id };
  await db.batch([
    db.update(documents).set({ updatedAt: now }).where(eq(documents.id, document.id)),
    ...endRuns(db, document.id, now),
    ...runStatements(db, run, now, ["partition"]),
  ] as unknown as Statements);
}

/** Takes a step for `leaseMs` and returns the attempt; null where it is done or somebody else has it: of several takers one gets it. */
export async function takeStep(
  db: Database,
  at: { runId: string; step: Step },
  now: number,
  leaseMs: number,
): Promise<number | null> {
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
        eq(pipelineSteps.runId, at.runId),
        eq(pipelineSteps.step, at.step),
        inArray(pipelineSteps.status, ["waiting", "running"]),
        or(isNull(pipelineSteps.leaseUntil), lt(pipelineSteps.leaseUntil, now)),
      ),
    )
    .returning({ attempts: pipelineSteps.attempts });
  return rows[0]?.attempts ?? null;
}

/** Shows how far a document is, and keeps the step's lease. */
export async function reportProgress(
  db: Database,
  at: TakenStep,
  progress: number,
  now: number,
  leaseMs: number,
): Promise<void> {
  await db.batch([
    db
      .update(documents)
      .set({ status: "processing", stage: at.step, progress, updatedAt: now })
      .where(and(eq(documents.id, at.documentId), inArray(documents.status, ["queued", "processing"]))),
    db
      .update(pipelineSteps)
      .set({ leaseUntil: now + leaseMs })
      .where(held(at)),
  ]);
}

/** Records what a step made. False where it is not the taker's any more: deleted, or taken over. */
export async function finishStep(
  db: Database,
  at: TakenStep,
  output: Record<string, number>,
  startedAt: number,
  now: number,
): Promise<boolean> {
  const rows = await db
    .update(pipelineSteps)
    .set({ status: "succeeded", output, leaseUntil: null, finishedAt: now, durationMs: now - startedAt })
    .where(held(at))
    .returning({ step: pipelineSteps.step });
  return rows.length > 0;
}

/**
 * Lets a step go after a failure that may pass, so that the next delivery takes it at once. Returns how often what was at work on it
 * has ended, this time included where `isDeath`.
 */
export async function releaseStep(
  db: Database,
  at: TakenStep,
  { error, isDeath }: { error: string; isDeath: boolean },
): Promise<number> {
  const rows = await db
    .update(pipelineSteps)
    .set({
      status: "waiting",
      leaseUntil: null,
      error,
      ...(isDeath && { deaths: sql`${pipelineSteps.deaths} + 1` }),
    })
    .where(held(at))
    .returning({ deaths: pipelineSteps.deaths });
  return rows[0]?.deaths ?? 0;
}

/**
 * Marks a document as searchable, with the facts that the pipeline found, and with the file that was read. False where it was
 * deleted meanwhile, or where a newer run took the place of this one.
 */
export async function completeDocument(
  db: Database,
  at: { documentId: string; runId: string },
  facts: Pick<DocumentRow, "chunkCount" | "embedder" | "chunking"> & Partial<DocumentVersion>,
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
      .where(
        and(
          eq(documents.id, at.documentId),
          sql`EXISTS (SELECT 1 FROM ${pipelineRuns} WHERE ${pipelineRuns.id} = ${at.runId} AND ${pipelineRuns.status} = 'running')`,
        ),
      )
      .returning({ id: documents.id }),
    db
      .update(pipelineRuns)
      .set({ status: "succeeded", finishedAt: now })
      .where(and(eq(pipelineRuns.id, at.runId), eq(pipelineRuns.status, "running"))),
  ]);
  return rows.length > 0;
}

/** Marks a run, the step under way and an unfinished document as failed, with a sentence for the owner. */
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
      .where(
        and(
          eq(documents.id, at.documentId),
          ne(documents.status, "indexed"),
          sql`EXISTS (SELECT 1 FROM ${pipelineRuns} WHERE ${pipelineRuns.id} = ${at.runId} AND ${pipelineRuns.status} = 'running')`,
        ),
      ),
    db
      .update(pipelineRuns)
      .set({ status: "failed", finishedAt: now, error: failure.message })
      .where(and(eq(pipelineRuns.id, at.runId), eq(pipelineRuns.status, "running"))),
    db
      .update(pipelineSteps)
      .set({ status: "failed", error: failure.message, leaseUntil: null, finishedAt: now })
      .where(
        and(
          eq(pipelineSteps.runId, at.runId),
          or(eq(pipelineSteps.status, "running"), sql`${pipelineSteps.error} IS NOT NULL`),
        ),
      ),
  ]);
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

/** Those for which nothing was tried since `before`; a hundred at most, of one clone or of all. */
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
