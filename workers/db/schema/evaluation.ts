import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { clones } from "./clones.ts";

/** What a clone should know: a question, and how its answer can be told to be right. */
export const evaluationQuestions = sqliteTable(
  "evaluation_questions",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id").notNull(),
    cloneId: text("clone_id")
      .notNull()
      .references(() => clones.id, { onDelete: "cascade" }),
    question: text("question").notNull(),
    /** File name of the document that it is answered from; null where any will do, or none. */
    document: text("document"),
    page: integer("page"),
    /** Of each inner list, the answer has to contain one; empty where nothing is expected. */
    contains: text("contains", { mode: "json" }).$type<string[][]>().notNull(),
    /** True where the documents do not say, so that the right answer is to say that. */
    unanswerable: integer("unanswerable", { mode: "boolean" }).notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("evaluation_questions_clone").on(table.cloneId, table.createdAt)],
);

/** All questions of a clone, asked once. */
export const evaluationRuns = sqliteTable(
  "evaluation_runs",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id").notNull(),
    cloneId: text("clone_id")
      .notNull()
      .references(() => clones.id, { onDelete: "cascade" }),
    /** Who asks: answers are made from what they may see, and are theirs to pay. */
    userId: text("user_id").notNull(),
    questions: integer("questions").notNull(),
    createdAt: integer("created_at").notNull(),
    /** When it last came forward. */
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [index("evaluation_runs_clone").on(table.cloneId, table.createdAt)],
);

/** What became of one question in one run; the row is there from the start, and filled when the answer is. */
export const evaluationResults = sqliteTable(
  "evaluation_results",
  {
    runId: text("run_id")
      .notNull()
      .references(() => evaluationRuns.id, { onDelete: "cascade" }),
    questionId: text("question_id").notNull(),
    /** As it was asked: the question may be changed or deleted afterwards. */
    question: text("question", { mode: "json" }).$type<AskedQuestion>().notNull(),
    status: text("status", { enum: ["waiting", "done", "failed"] }).notNull(),
    answer: text("answer"),
    cited: text("cited", { mode: "json" }).$type<{ source: string; page: number | null; quote: string }[]>(),
    /** Null where the question does not say what would be right. */
    foundDocument: integer("found_document", { mode: "boolean" }),
    foundPage: integer("found_page", { mode: "boolean" }),
    answered: integer("answered", { mode: "boolean" }),
    /** Citations that could be held against what they quote, and those of them that it bears out. */
    citations: integer("citations"),
    supportedCitations: integer("supported_citations"),
    /** Statements that need a citation, and those of them that have one. */
    statements: integer("statements"),
    citedStatements: integer("cited_statements"),
    /** Citations that were left out, as their passages do not say what the sentence says. */
    droppedCitations: integer("dropped_citations"),
    error: text("error"),
  },
  (table) => [primaryKey({ columns: [table.runId, table.questionId] })],
);

export interface AskedQuestion {
  question: string;
  document: string | null;
  page: number | null;
  contains: string[][];
  unanswerable: boolean;
}
