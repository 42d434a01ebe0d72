import { z } from "zod";
import { cleanLine } from "../../platform/single-line.ts";
import { withoutMarks } from "./chatgpt-marks.ts";
import { nodeMessage, time, wordsOf } from "./chatgpt-words.ts";
import {
  cleanText,
  type Imported,
  type ImportedNode,
  inOrder,
  maxCharacters,
  nothingSet,
  refusedText,
  tooLongOnes,
} from "./imported.ts";
import { answersOf } from "./joined-answers.ts";

const node = z.object({ message: nodeMessage.nullable().catch(null), parent: z.string().nullable().catch(null) });

const shape = z.object({
  title: z.string().nullable().catch(null),
  create_time: time,
  update_time: time,
  mapping: z.record(z.string(), node),
  current_node: z.string().nullable().catch(null),
});

type Node = z.output<typeof node>;

/** The messages that are kept of a tree, and what is left out of it. */
function readTree(ordered: { id: string; parentId: string | null; node: Node }[]) {
  /** The nearest kept message at or above each node. */
  const kept = new Map<string, string | null>();
  const nodes: ImportedNode[] = [];
  const leftOut = new Map<string, number>();
  const leave = (what: string, count = 1) => void (count > 0 && leftOut.set(what, (leftOut.get(what) ?? 0) + count));
  let refused = 0;
  for (const { id, parentId, node } of ordered) {
    const above = parentId === null ? null : (kept.get(parentId) ?? null);
    const words = wordsOf(node.message);
    for (const what of words.leftOut) leave(what);
    const isTooLong = words.text !== null && words.text.length > maxCharacters;
    if (isTooLong) refused++;
    const text = isTooLong ? refusedText : withoutMarks(cleanText(words.text ?? "")).trim();
    kept.set(id, text === "" ? above : id);
    if (text !== "") nodes.push({ id, parentId: above, text, ...about(node) });
  }
  return { kept, nodes, leftOut, leave, refused };
}

/** A conversation of ChatGPT's `conversations.json`: its tree without what nobody saw. Throws a `ZodError` for anything else. */
export const chatGptConversation = shape.transform((file, context): Imported => {
  const refuse = (message: string) => {
    context.addIssue({ code: "custom", message, path: ["mapping"] });
    return z.NEVER;
  };
  const all = Object.entries(file.mapping).map(([id, value]) => ({ id, parentId: value.parent, node: value }));
  const ordered = inOrder(all);
  if (typeof ordered === "string") return refuse(ordered);
  const { kept, nodes, leftOut, leave, refused } = readTree(ordered);
  const joined = answersOf(nodes, refused);
  if (typeof joined === "string") return refuse(joined);
  leave(tooLongOnes, joined.refused);
  return {
    title: file.title === null ? null : cleanLine(file.title, 200),
    ...nothingSet(),
    headId: kept.get(file.current_node ?? "") ?? null,
    createdAt: file.create_time,
    updatedAt: file.update_time,
    nodes: joined.nodes,
    leftOut: [...leftOut].map(([what, count]) => ({ what, count })),
  };
});

function about({ message }: Node): Pick<ImportedNode, "role" | "createdAt" | "status" | "finishReason" | "citations"> {
  return {
    role: message?.author.role === "user" ? "user" : "assistant",
    createdAt: message?.create_time ?? null,
    status: message?.status === "in_progress" ? "interrupted" : "complete",
    finishReason: null,
    citations: [],
  };
}
