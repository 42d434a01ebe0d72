import { z } from "zod";
import { getClone } from "../clones/get-clone.ts";
import { notFound } from "../platform/errors.ts";
import { paged, pageQuery } from "../platform/http/paging.ts";
import { operation } from "../workspaces/operation.ts";
import { evaluationDetails, evaluationRunPage, questionPage, tags } from "./contract.ts";
import { presentQuestion, presentResult, presentRun } from "./present.ts";
import { countResults, findRun, listQuestionPage, listResults, listRunPage } from "./queries.ts";

const pageOfClone = pageQuery.extend({ clone_id: z.string() });

export const listQuestions = operation({
  summary: "The questions that a clone is tested with",
  tags,
  action: "evaluation.read",
  query: pageOfClone,
  output: questionPage,
  async run(ctx, { query }) {
    const clone = await getClone(ctx, query.clone_id);
    const { rows, next_cursor } = await paged(
      query,
      (from) => listQuestionPage(ctx.db, clone, from),
      ({ createdAt, id }) => [createdAt, id],
    );
    return { data: rows.map(presentQuestion), next_cursor };
  },
});

export const listRuns = operation({
  summary: "How a clone did, newest first",
  tags,
  action: "evaluation.read",
  query: pageOfClone,
  output: evaluationRunPage,
  async run(ctx, { query }) {
    const clone = await getClone(ctx, query.clone_id);
    const { rows, next_cursor } = await paged(
      query,
      (from) => listRunPage(ctx.db, clone, from),
      ({ createdAt, id }) => [createdAt, id],
    );
    const counts = await countResults(
      ctx.db,
      rows.map(({ id }) => id),
    );
    return { data: rows.map((run) => presentRun(run, counts.get(run.id))), next_cursor };
  },
});

export const readRun = operation({
  summary: "One run, question by question",
  tags,
  action: "evaluation.read",
  params: ["id"],
  output: evaluationDetails,
  async run({ db, actor }, { params: { id } }) {
    const run = await findRun(db, actor.workspaceId, id);
    if (!run) throw notFound("run");
    const [counts, results] = await Promise.all([countResults(db, [id]), listResults(db, id)]);
    return { ...presentRun(run, counts.get(id)), results: results.map(presentResult) };
  },
});
