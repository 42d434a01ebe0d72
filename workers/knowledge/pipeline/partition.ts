import { readOriginal, writeJson } from "../document-files.ts";
import { parseDocument } from "../parsing/parse-document.ts";
import type { RunStep } from "./step.ts";

/** Reads the file into one text and the headings, paragraphs and tables that it is made of. */
export const partition: RunStep = async ({ env }, { document, carried, progress }) => {
  const bytes = await readOriginal(env.UPLOADS, document.storageKey);
  carried.parsed = await parseDocument(document.kind, bytes, progress);
  await writeJson(env.UPLOADS, document.storageKey, "text.json", carried.parsed);
  const { pages, text, blocks, leftOut = [] } = carried.parsed;
  return {
    pages: pages ?? 0,
    characters: text.length,
    elements: blocks.length,
    ...(leftOut.length > 0 && { files_left_out: leftOut.length }),
  };
};
