import { and, eq, inArray, sql } from "drizzle-orm";
import type { AuditStatements } from "../../audit/record.ts";
import { batch } from "../../db/batch.ts";
import type { Database } from "../../db/client.ts";
import { type DocumentVersion, documents, pipelineRuns, pipelineSteps } from "../../db/schema/knowledge.ts";
import { stages } from "../contract.ts";
import type { DocumentRow, NewDocument } from "../queries.ts";
import type { Step } from "./run-queries.ts";

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
  await batch(db, [...statements, ...audit]);
}

/** What replaces a document's run: `changes` to the document, the steps that are `done` already, and what is recorded of it. */
interface Replacement {
  id: string;
  version?: DocumentVersion;
  changes?: Partial<NewDocument>;
  done?: Step[];
  audit?: AuditStatements;
}

/** Gives a document a run in the place of those that it has. */
async function replaceRuns(
  db: Database,
  { id: documentId, workspaceId }: DocumentRow,
  { id, version, changes, done, audit = [] }: Replacement,
  now: number,
): Promise<void> {
  await batch(db, [
    db
      .update(documents)
      .set({ ...changes, updatedAt: now })
      .where(and(eq(documents.id, documentId), eq(documents.workspaceId, workspaceId))),
    ...endRuns(db, documentId, now),
    ...runStatements(db, { id, workspaceId, documentId, ...(version && { version }) }, now, done),
    ...audit,
  ]);
}

const fromTheStart = { status: "queued", stage: null, progress: 0, errorCode: null, errorMessage: null } as const;

/** Starts a document over with a new run. */
export const restartDocument = (
  db: Database,
  document: DocumentRow,
  runId: string,
  now: number,
  audit: AuditStatements,
): Promise<void> => replaceRuns(db, document, { id: runId, changes: fromTheStart, audit }, now);

/** Has another file read that is to take the place of a searchable document's own. */
export const insertVersionRun = (
  db: Database,
  document: DocumentRow,
  version: DocumentVersion,
  runId: string,
  now: number,
  audit: AuditStatements,
): Promise<void> => replaceRuns(db, document, { id: runId, version, audit }, now);

/** Gives a document that is not searchable yet another file, and starts it over. */
export const replaceUnread = (
  db: Database,
  document: DocumentRow,
  version: DocumentVersion,
  runId: string,
  now: number,
  audit: AuditStatements,
): Promise<void> => replaceRuns(db, document, { id: runId, changes: { ...version, ...fromTheStart }, audit }, now);

/** Gives an indexed document, which stays searchable meanwhile, a run that goes over its text anew. */
export const insertRefreshRun = (db: Database, document: DocumentRow, runId: string, now: number): Promise<void> =>
  replaceRuns(db, document, { id: runId, done: ["partition"] }, now);
