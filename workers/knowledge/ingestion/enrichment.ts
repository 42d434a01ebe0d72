import { cloneIndex } from "../../passages/clone-index.ts";
import { describeDocument } from "../queries.ts";
import { descriptionOf } from "./reader.ts";
import type { RunStep } from "./step-work.ts";

/** Notes what the document can be held against the clone's others by: a sketch of its text, and what it says in numbers. */
export const enrichment: RunStep = async (ctx, work) => {
  const { document } = work;
  const { sketch, statements } = await descriptionOf(ctx, work);
  await describeDocument(ctx.db, document.id, { sketch });
  await cloneIndex(ctx.env, document.cloneId).putStatements(document.id, statements);
  return { statements: statements.length };
};
