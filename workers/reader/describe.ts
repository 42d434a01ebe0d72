import { detectLanguage } from "../reading/detect-language.ts";
import { sketchOf } from "../reading/sketch.ts";
import { statementsOf } from "../reading/statements.ts";
import type { Task } from "./index.ts";
import { textIn } from "./text-in.ts";

export const describe: Task<"describe"> = async (_, bytes) => {
  const document = textIn(bytes);
  const { pages, properties: said, text } = document;
  const properties = { ...said, language: await detectLanguage(text, said?.language ?? null) };
  return { pages, properties, sketch: sketchOf(text), statements: statementsOf(document) };
};
