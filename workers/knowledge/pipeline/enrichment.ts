import { sketchOf } from "../../reading/sketch.ts";
import { statementsOf } from "../../reading/statements.ts";
import { cloneIndex } from "../clone-index.ts";
import { readText } from "../document-files.ts";
import { describeDocument } from "../queries.ts";
import type { RunStep } from "./step.ts";

/** Notes what the document can be held against the clone's others by: a sketch of its text, and what it says in numbers. */
export const enrichment: RunStep = async ({ env, db }, { document, carried }) => {
  carried.parsed ??= await readText(env.UPLOADS, document.storageKey);
  const statements = statementsOf(carried.parsed);
  await describeDocument(db, document.id, { sketch: sketchOf(carried.parsed.text) });
  await cloneIndex(env, document.cloneId).putStatements(document.id, statements);
  return { statements: statements.length };
};
