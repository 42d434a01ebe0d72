import { detectLanguage } from "../reading/detect-language.ts";
import { sketchOf } from "../reading/sketch.ts";
import { statementsOf } from "../reading/statements.ts";
import type { Task } from "./index.ts";
import { textIn } from "./text-in.ts";

export const describe: Task<"describe"> = async (_, bytes) => {
  const document = textIn(bytes);
  const { pages, properties: said, text, leftOut } = document;
  const properties = { ...said, language: await detectLanguage(text, said?.language ?? null) };
  return {
    pages,
    properties,
    sketch: sketchOf(text),
    statements: statementsOf(document),
    // Texts that were stored by an older version say nothing of it, or have lines here.
    leftOut: leftOut && "count" in leftOut ? leftOut : { count: 0, notes: [] },
  };
};
