import { z } from "zod";
import { pageOf } from "../platform/http/paging.ts";

export const tags = ["Evaluation"];
/** Questions that a clone may have. */
export const mostQuestions = 500;

const phrase = z.string().trim().min(1).max(300);

const asked = {
  question: z.string().trim().min(1, "Ask something.").max(2_000, "Use at most 2,000 characters."),
  document: z
    .string()
    .trim()
    .min(1)
    .max(255)
    .nullable()
    .default(null)
    .describe("File name of the document that it is answered from."),
  page: z.number().int().min(1).nullable().default(null).describe("Page of that document, from 1."),
  contains: z
    .array(z.array(phrase).min(1).max(20))
    .max(20)
    .default([])
    .describe("Of each inner list, the answer has to contain one, whatever its case."),
  unanswerable: z
    .boolean()
    .default(false)
    .describe("True where the documents do not say: the right answer is to say that, and to cite nothing."),
};

/** A question as it is given. */
export const questionInput = z
  .strictObject(asked)
  .refine(({ page, document }) => page === null || document !== null, {
    path: ["document"],
    message: "Name the document whose page it is.",
  })
  .refine(({ unanswerable, document, contains }) => !unanswerable || (document === null && contains.length === 0), {
    path: ["unanswerable"],
    message: "A question that the documents do not answer has no document, and nothing that the answer must contain.",
  });

export const addQuestionsInput = z.strictObject({
  clone_id: z.string(),
  questions: z
    .array(questionInput)
    .min(1, "Give at least one question.")
    .max(mostQuestions, `Give at most ${mostQuestions} questions.`),
});

export const startRunInput = z.strictObject({ clone_id: z.string() });

export const question = z.object({ id: z.string(), ...asked, created_at: z.iso.datetime() });
export type Question = z.output<typeof question>;
export const questionPage = pageOf(question);
export const addedQuestions = z.object({ data: z.array(question) });

/** Of the questions that say what would be right, how many were. */
const share = z.object({ right: z.number().int(), of: z.number().int() });
const precision =
  "Of the citations, how many the quoted passage bears out; those that words cannot tell of are not counted.";
const recall = "Of the statements that need a citation, how many have one that is not refuted.";
const dropped = "Citations that were left out, as their passages do not say what the sentence says.";

export const evaluationRun = z.object({
  id: z.string(),
  clone_id: z.string(),
  status: z.enum(["running", "done"]),
  questions: z.number().int(),
  answered: z.number().int().describe("How many have been asked so far."),
  failed: z.number().int().describe("How many the model gave no answer to."),
  right_document: share,
  right_page: share,
  right_answer: share.describe(
    "The answer contains what it should; for unanswerable ones, says that the documents do not.",
  ),
  citation_precision: share.describe(precision),
  citation_recall: share.describe(recall),
  dropped_citations: z.number().int().describe(dropped),
  created_at: z.iso.datetime(),
});
export type EvaluationRun = z.output<typeof evaluationRun>;
export const evaluationRunPage = pageOf(evaluationRun);

export const evaluationResult = z.object({
  question_id: z.string(),
  ...asked,
  status: z.enum(["waiting", "done", "failed"]),
  answer: z.string().nullable(),
  cited: z.array(z.object({ source: z.string(), page: z.number().int().nullable(), quote: z.string() })),
  found_document: z.boolean().nullable(),
  found_page: z.boolean().nullable(),
  right_answer: z.boolean().nullable(),
  citation_precision: share.nullable().describe(precision),
  citation_recall: share.nullable().describe(recall),
  dropped_citations: z.number().int().nullable().describe(dropped),
  error: z.string().nullable(),
});
export type EvaluationResult = z.output<typeof evaluationResult>;
export const evaluationDetails = evaluationRun.extend({ results: z.array(evaluationResult) });
export type EvaluationDetails = z.output<typeof evaluationDetails>;
