import { chunkDocument } from "../reading/chunk-document.ts";
import type { Task } from "./index.ts";
import { textIn } from "./text-in.ts";

export const cut: Task<"cut"> = async ({ chunking, chunksPerPart }, bytes, answer) => {
  const chunks = chunkDocument(textIn(bytes), chunking);
  for (let at = 0; at < Math.max(1, chunks.length); at += chunksPerPart)
    await answer.json(String(at / chunksPerPart), chunks.slice(at, at + chunksPerPart));
  return { chunks: chunks.length };
};
