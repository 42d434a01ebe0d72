import { call, jsonOf } from "../../testing/client.ts";
import { eventually } from "../../testing/eventually.ts";
import type { EvaluationDetails } from "../contract.ts";

/** Follows a run until every question has been asked. */
export const evaluated = (token: string, id: string): Promise<EvaluationDetails> =>
  eventually(async () => {
    const run = await jsonOf<EvaluationDetails>(await call("GET", `/api/v1/evaluation/runs/${id}`, { token }), 200);
    if (run.status !== "done") throw new Error(`${run.answered} of ${run.questions} were asked.`);
    return run;
  });
