import type { Ability, ModelInfo } from "../../../models/ports/chat-model.ts";
import type { Passed } from "./passed.ts";

/** What a question needs of its model beside words. */
function needsOf({ messages, pictures, options }: Passed): Ability[] {
  const kinds = (messages ?? []).flatMap(({ content }) =>
    typeof content === "string" ? [] : content.map(({ type }) => type as string),
  );
  return [
    ...(pictures.length > 0 || kinds.includes("file") ? ["vision" as const] : []),
    ...(options.tools?.length || kinds.some((kind) => kind.startsWith("tool-")) ? ["tools" as const] : []),
    ...(options.responseFormat?.type === "json" ? ["json" as const] : []),
  ];
}

const sentences: Record<Ability, string> = {
  vision: "sees no pictures",
  tools: "calls no tools",
  json: "writes no JSON",
};

/** Why a model cannot answer what came beside a question in words, in a sentence; null where nothing is known to stand in the way. */
export function lackOf({ id, lacks }: ModelInfo, passed: Passed | undefined): string | null {
  const lacking = passed && needsOf(passed).find((need) => lacks.includes(need));
  return lacking ? `The model “${id}” ${sentences[lacking]}. Choose another model.` : null;
}
