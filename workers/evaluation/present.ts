import { iso } from "../platform/clock.ts";
import type { EvaluationResult, EvaluationRun, Question } from "./contract.ts";
import type { Counts, QuestionRow, ResultRow, RunRow } from "./queries.ts";

export function presentQuestion({
  id,
  question,
  document,
  page,
  contains,
  unanswerable,
  createdAt,
}: QuestionRow): Question {
  return { id, question, document, page, contains, unanswerable, created_at: iso(createdAt) };
}

const none: Counts = {
  done: 0,
  failed: 0,
  ofDocument: 0,
  foundDocument: 0,
  ofPage: 0,
  foundPage: 0,
  ofAnswer: 0,
  answered: 0,
  citations: 0,
  supportedCitations: 0,
  statements: 0,
  citedStatements: 0,
  droppedCitations: 0,
};

export function presentRun(run: RunRow, counts: Counts = none): EvaluationRun {
  return {
    id: run.id,
    clone_id: run.cloneId,
    status: counts.done < run.questions ? "running" : "done",
    questions: run.questions,
    answered: counts.done,
    failed: counts.failed,
    right_document: { right: counts.foundDocument, of: counts.ofDocument },
    right_page: { right: counts.foundPage, of: counts.ofPage },
    right_answer: { right: counts.answered, of: counts.ofAnswer },
    citation_precision: { right: counts.supportedCitations, of: counts.citations },
    citation_recall: { right: counts.citedStatements, of: counts.statements },
    dropped_citations: counts.droppedCitations,
    created_at: iso(run.createdAt),
  };
}

const shareOf = (right: number | null, of: number | null) => (of === null ? null : { right: right ?? 0, of });

export function presentResult(row: ResultRow): EvaluationResult {
  return {
    question_id: row.questionId,
    ...row.question,
    status: row.status,
    answer: row.answer,
    cited: row.cited ?? [],
    found_document: row.foundDocument,
    found_page: row.foundPage,
    right_answer: row.answered,
    citation_precision: shareOf(row.supportedCitations, row.citations),
    citation_recall: shareOf(row.citedStatements, row.statements),
    dropped_citations: row.droppedCitations,
    error: row.error,
  };
}
