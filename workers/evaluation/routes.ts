import { z } from "zod";
import { getClone } from "../clones/get-clone.ts";
import { notFound, Problem } from "../platform/errors.ts";
import { describe, validate } from "../platform/http/http.ts";
import { decodeCursor, encodeCursor, pageQuery } from "../platform/http/pages.ts";
import { newId } from "../platform/ids.ts";
import { audited, withAudit } from "../workspaces/audited.ts";
import { createRouter } from "../workspaces/http.ts";
import { permitted } from "../workspaces/permissions.ts";
import {
  addedQuestions,
  addQuestionsInput,
  evaluationDetails,
  evaluationRun,
  evaluationRunPage,
  questionPage,
} from "./contract.ts";
import { enqueueRun } from "./messages.ts";
import { presentQuestion, presentResult, presentRun } from "./present.ts";
import {
  countQuestions,
  countResults,
  findRun,
  insertQuestions,
  insertRun,
  listQuestionPage,
  listResults,
  listRunPage,
  removeQuestion,
} from "./queries.ts";

const tags = ["Evaluation"];
/** Questions that a clone may have. */
const mostQuestions = 500;
const position = z.tuple([z.number(), z.string()]);
const ofClone = pageQuery.extend({ clone_id: z.string() });

export const evaluationRoutes = createRouter()
  .get(
    "/evaluation/questions",
    describe({ summary: "The questions that a clone is tested with", tags, responses: { 200: questionPage } }),
    validate("query", ofClone),
    async (c) => {
      const ctx = permitted(c.var.ctx, "evaluation.read");
      const { clone_id, cursor, limit } = c.req.valid("query");
      const clone = await getClone(ctx, clone_id);
      const after = cursor ? decodeCursor(cursor, position) : null;
      const rows = await listQuestionPage(ctx.db, clone, { after, limit: limit + 1 });
      const shown = rows.slice(0, limit);
      const last = rows.length > limit ? shown.at(-1) : undefined;
      const next_cursor = last ? encodeCursor([last.createdAt, last.id]) : null;
      return c.json({ data: shown.map(presentQuestion), next_cursor }, 200);
    },
  )
  .post(
    "/evaluation/questions",
    describe({
      summary: "Add questions to test a clone with",
      tags,
      responses: { 201: addedQuestions },
      // Five hundred questions with what their answers have to contain.
      bodyLimit: { bytes: 5_000_000, values: 100_000 },
    }),
    validate("json", addQuestionsInput),
    async (c) => {
      const ctx = permitted(c.var.ctx, "evaluation.run");
      const { clone_id, questions } = c.req.valid("json");
      const clone = await getClone(ctx, clone_id);
      if ((await countQuestions(ctx.db, clone)) + questions.length > mostQuestions) {
        throw new Problem("conflict", `A clone may have ${mostQuestions} questions. Delete some first.`);
      }
      const { id: cloneId, workspaceId } = clone;
      const createdAt = ctx.clock.now();
      const rows = questions.map((each) => ({ id: newId("question"), workspaceId, cloneId, ...each, createdAt }));
      const resource = { kind: "clone", id: cloneId };
      const event = { action: "evaluation.added", resource, details: { questions: rows.length } } as const;
      await insertQuestions(ctx.db, rows, await audited(ctx, event));
      return c.json({ data: rows.map(presentQuestion) }, 201);
    },
  )
  .delete(
    "/evaluation/questions/:id",
    describe({ summary: "Delete a question; results of earlier runs stay", tags, responses: { 204: "It is gone." } }),
    async (c) => {
      const ctx = permitted(c.var.ctx, "evaluation.run");
      const id = c.req.param("id");
      const removed = await withAudit(ctx, removeQuestion(ctx.db, ctx.actor.workspaceId, id), {
        action: "evaluation.removed",
        resource: { kind: "question", id },
      });
      if (removed.length === 0) throw notFound("question");
      return c.body(null, 204);
    },
  )
  .post(
    "/evaluation/runs",
    describe({
      summary: "Ask a clone all its questions",
      description: "In the background; follow `/evaluation/runs/{id}`. The answers count as usage of who asks.",
      tags,
      responses: { 202: evaluationRun },
    }),
    validate("json", z.strictObject({ clone_id: z.string() })),
    async (c) => {
      const ctx = permitted(c.var.ctx, "evaluation.run");
      const clone = await getClone(ctx, c.req.valid("json").clone_id);
      const questions = await listQuestionPage(ctx.db, clone, { after: null, limit: mostQuestions });
      if (questions.length === 0) throw new Problem("conflict", "There are no questions yet. Add one first.");
      const now = ctx.clock.now();
      const run = {
        id: newId("evaluation"),
        workspaceId: clone.workspaceId,
        cloneId: clone.id,
        userId: ctx.actor.userId,
        questions: questions.length,
        createdAt: now,
        updatedAt: now,
      };
      const resource = { kind: "evaluation", id: run.id };
      const event = { action: "evaluation.started", resource, details: { questions: questions.length } } as const;
      await insertRun(ctx.db, run, questions, await audited(ctx, event));
      await enqueueRun(ctx.env, run.id);
      return c.json(presentRun(run), 202);
    },
  )
  .get(
    "/evaluation/runs",
    describe({ summary: "How a clone did, newest first", tags, responses: { 200: evaluationRunPage } }),
    validate("query", ofClone),
    async (c) => {
      const ctx = permitted(c.var.ctx, "evaluation.read");
      const { clone_id, cursor, limit } = c.req.valid("query");
      const clone = await getClone(ctx, clone_id);
      const after = cursor ? decodeCursor(cursor, position) : null;
      const rows = await listRunPage(ctx.db, clone, { after, limit: limit + 1 });
      const shown = rows.slice(0, limit);
      const counts = await countResults(
        ctx.db,
        shown.map(({ id }) => id),
      );
      const last = rows.length > limit ? shown.at(-1) : undefined;
      const next_cursor = last ? encodeCursor([last.createdAt, last.id]) : null;
      return c.json({ data: shown.map((run) => presentRun(run, counts.get(run.id))), next_cursor }, 200);
    },
  )
  .get(
    "/evaluation/runs/:id",
    describe({ summary: "One run, question by question", tags, responses: { 200: evaluationDetails } }),
    async (c) => {
      const ctx = permitted(c.var.ctx, "evaluation.read");
      const run = await findRun(ctx.db, ctx.actor.workspaceId, c.req.param("id"));
      if (!run) throw notFound("run");
      const [counts, results] = await Promise.all([countResults(ctx.db, [run.id]), listResults(ctx.db, run.id)]);
      return c.json({ ...presentRun(run, counts.get(run.id)), results: results.map(presentResult) }, 200);
    },
  );
