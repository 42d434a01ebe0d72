import { detectLanguage } from "../../reading/detect-language.ts";
import { readText } from "../document-files.ts";
import { describeDocument } from "../queries.ts";
import type { RunStep } from "./step.ts";

/** Finds out what the document is: title, author and date as the file says them, and the language of its words. */
export const metadata: RunStep = async ({ env, db }, { document, carried }) => {
  carried.parsed ??= await readText(env.UPLOADS, document.storageKey);
  const { text, pages, properties: said } = carried.parsed;
  const properties = { ...said, language: await detectLanguage(text, said?.language ?? null) };
  await describeDocument(db, document.id, { pages, ...properties });
  return { properties: Object.values(properties).filter((value) => value !== null).length };
};
