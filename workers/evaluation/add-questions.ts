import { getClone } from "../clones/get-clone.ts";
import { Problem } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import { audited } from "../workspaces/audited.ts";
import { operation } from "../workspaces/operation.ts";
import { addedQuestions, addQuestionsInput, mostQuestions, tags } from "./contract.ts";
import { presentQuestion } from "./present.ts";
import { countQuestions, insertQuestions } from "./queries.ts";

/** Throws `not_found`, and `conflict` where they would be too many. */
export const addQuestions = operation({
  summary: "Add questions to test a clone with",
  tags,
  action: "evaluation.run",
  audit: "evaluation.added",
  // Five hundred questions with what their answers have to contain.
  bodyLimit: { bytes: 5_000_000, values: 100_000 },
  input: addQuestionsInput,
  output: addedQuestions,
  async run(ctx, { body: { clone_id, questions } }) {
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
    return { data: rows.map(presentQuestion) };
  },
});
