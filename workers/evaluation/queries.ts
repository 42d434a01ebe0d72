import { and, asc, count, desc, eq, lt, or, type SQLWrapper, sql } from "drizzle-orm";
import type { AuditStatements } from "../audit/record.ts";
import { batch } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { type AskedQuestion, evaluationQuestions, evaluationResults, evaluationRuns } from "../db/schema/evaluation.ts";

export type QuestionRow = typeof evaluationQuestions.$inferSelect;
export type { AskedQuestion };
export type RunRow = typeof evaluationRuns.$inferSelect;
export type ResultRow = typeof evaluationResults.$inferSelect;

type Position = [createdAt: number, id: string] | null;

interface OfClone {
  id: string;
  workspaceId: string;
}

export async function insertQuestions(db: Database, rows: QuestionRow[], audit: AuditStatements): Promise<void> {
  const inserts = rows.map((row) => db.insert(evaluationQuestions).values(row));
  await batch(db, [...inserts, ...audit]);
}

/** A page of a clone's questions, oldest first, from behind `after`. */
export function listQuestionPage(
  db: Database,
  clone: OfClone,
  { after, limit }: { after: Position; limit: number },
): Promise<QuestionRow[]> {
  const { createdAt, id, cloneId, workspaceId } = evaluationQuestions;
  const behind = after
    ? or(sql`${createdAt} > ${after[0]}`, and(eq(createdAt, after[0]), sql`${id} > ${after[1]}`))
    : undefined;
  return db
    .select()
    .from(evaluationQuestions)
    .where(and(eq(cloneId, clone.id), eq(workspaceId, clone.workspaceId), behind))
    .orderBy(asc(createdAt), asc(id))
    .limit(limit);
}

export async function countQuestions(db: Database, clone: OfClone): Promise<number> {
  const rows = await db
    .select({ count: count() })
    .from(evaluationQuestions)
    .where(eq(evaluationQuestions.cloneId, clone.id));
  return rows[0]?.count ?? 0;
}

/** Deletes a question of a workspace: returns its id, or none where there was none. */
export function removeQuestion(db: Database, workspaceId: string, id: string) {
  return db
    .delete(evaluationQuestions)
    .where(and(eq(evaluationQuestions.id, id), eq(evaluationQuestions.workspaceId, workspaceId)))
    .returning({ id: evaluationQuestions.id });
}

/** Stores a run with a waiting result for each question. */
export async function insertRun(
  db: Database,
  run: RunRow,
  questions: QuestionRow[],
  audit: AuditStatements,
): Promise<void> {
  const results = questions.map(({ id, question, document, page, contains, unanswerable }) => ({
    runId: run.id,
    questionId: id,
    question: { question, document, page, contains, unanswerable },
    status: "waiting" as const,
  }));
  await db.batch([
    db.insert(evaluationRuns).values(run),
    ...results.map((row) => db.insert(evaluationResults).values(row)),
    ...audit,
  ]);
}

export async function findAnyRun(db: Database, id: string): Promise<RunRow | undefined> {
  const rows = await db.select().from(evaluationRuns).where(eq(evaluationRuns.id, id));
  return rows[0];
}

export async function findRun(db: Database, workspaceId: string, id: string): Promise<RunRow | undefined> {
  const rows = await db
    .select()
    .from(evaluationRuns)
    .where(and(eq(evaluationRuns.id, id), eq(evaluationRuns.workspaceId, workspaceId)));
  return rows[0];
}

/** A page of a clone's runs, newest first, from behind `after`. */
export function listRunPage(
  db: Database,
  clone: OfClone,
  { after, limit }: { after: Position; limit: number },
): Promise<RunRow[]> {
  const { createdAt, id, cloneId, workspaceId } = evaluationRuns;
  const behind = after ? or(lt(createdAt, after[0]), and(eq(createdAt, after[0]), lt(id, after[1]))) : undefined;
  return db
    .select()
    .from(evaluationRuns)
    .where(and(eq(cloneId, clone.id), eq(workspaceId, clone.workspaceId), behind))
    .orderBy(desc(createdAt), desc(id))
    .limit(limit);
}

/** Counts of a run's results; what a question says nothing of counts nowhere. */
export interface Counts {
  done: number;
  failed: number;
  ofDocument: number;
  foundDocument: number;
  ofPage: number;
  foundPage: number;
  ofAnswer: number;
  answered: number;
  citations: number;
  supportedCitations: number;
  statements: number;
  citedStatements: number;
  droppedCitations: number;
}

/** The counts of several runs, by run. */
export async function countResults(db: Database, runIds: string[]): Promise<Map<string, Counts>> {
  const { runId, status, foundDocument, foundPage, answered } = evaluationResults;
  const { citations, supportedCitations, statements, citedStatements, droppedCitations } = evaluationResults;
  const sum = (column: SQLWrapper) => sql<number>`coalesce(sum(${column}), 0)`;
  const rows = await db
    .select({
      runId,
      done: sql<number>`sum(${status} <> 'waiting')`,
      failed: sql<number>`sum(${status} = 'failed')`,
      ofDocument: count(foundDocument),
      foundDocument: sum(foundDocument),
      ofPage: count(foundPage),
      foundPage: sum(foundPage),
      ofAnswer: count(answered),
      answered: sum(answered),
      citations: sum(citations),
      supportedCitations: sum(supportedCitations),
      statements: sum(statements),
      citedStatements: sum(citedStatements),
      droppedCitations: sum(droppedCitations),
    })
    .from(evaluationResults)
    .where(sql`${runId} IN (SELECT value FROM json_each(${JSON.stringify(runIds)}))`)
    .groupBy(runId);
  return new Map(rows.map(({ runId: id, ...counts }) => [id, counts]));
}

export function listResults(db: Database, runId: string): Promise<ResultRow[]> {
  return db
    .select()
    .from(evaluationResults)
    .where(eq(evaluationResults.runId, runId))
    .orderBy(asc(evaluationResults.questionId));
}

/** The questions of a run that nobody has an answer to yet. */
export function listWaiting(db: Database, runId: string, limit: number): Promise<ResultRow[]> {
  return db
    .select()
    .from(evaluationResults)
    .where(and(eq(evaluationResults.runId, runId), eq(evaluationResults.status, "waiting")))
    .orderBy(asc(evaluationResults.questionId))
    .limit(limit);
}

/** Stores what became of a question, once. */
export async function finishResult(
  db: Database,
  at: { runId: string; questionId: string },
  result: Partial<ResultRow> & Pick<ResultRow, "status">,
): Promise<void> {
  await db
    .update(evaluationResults)
    .set(result)
    .where(
      and(
        eq(evaluationResults.runId, at.runId),
        eq(evaluationResults.questionId, at.questionId),
        eq(evaluationResults.status, "waiting"),
      ),
    );
}

/** Notes that a run has come forward. */
export async function touchRun(db: Database, id: string, now: number): Promise<void> {
  await db.update(evaluationRuns).set({ updatedAt: now }).where(eq(evaluationRuns.id, id));
}

/** Ends a run with what there is. */
export async function failWaiting(db: Database, runId: string, error: string): Promise<void> {
  await db
    .update(evaluationResults)
    .set({ status: "failed", error })
    .where(and(eq(evaluationResults.runId, runId), eq(evaluationResults.status, "waiting")));
}

/** Runs with waiting questions that have not come forward since `before`. */
export function listStandingRuns(db: Database, before: number): Promise<RunRow[]> {
  const waiting = sql`SELECT 1 FROM ${evaluationResults}
    WHERE ${evaluationResults.runId} = ${evaluationRuns.id} AND ${evaluationResults.status} = 'waiting'`;
  return db
    .select()
    .from(evaluationRuns)
    .where(and(lt(evaluationRuns.updatedAt, before), sql`EXISTS (${waiting})`))
    .limit(50);
}

/** The questions of all clones of a workspace, oldest first. */
export function listAllQuestions(db: Database, workspaceId: string): Promise<QuestionRow[]> {
  return db
    .select()
    .from(evaluationQuestions)
    .where(eq(evaluationQuestions.workspaceId, workspaceId))
    .orderBy(asc(evaluationQuestions.createdAt));
}

/** All runs of a workspace's clones, oldest first, each with what became of its questions. */
export async function* eachRun(db: Database, workspaceId: string) {
  const runs = await db
    .select()
    .from(evaluationRuns)
    .where(eq(evaluationRuns.workspaceId, workspaceId))
    .orderBy(asc(evaluationRuns.createdAt));
  for (const run of runs) yield { run, results: await listResults(db, run.id) };
}
