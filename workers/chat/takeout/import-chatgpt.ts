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
  maxMessages,
  refusedText,
  tooLong,
  tooLongOnes,
} from "./imported.ts";

const node = z.object({ message: nodeMessage.nullable().catch(null), parent: z.string().nullable().catch(null) });

const shape = z.object({
  title: z.string().nullable().catch(null),
  create_time: time,
  update_time: time,
  mapping: z.record(z.string(), node),
  current_node: z.string().nullable().catch(null),
});

type Node = z.output<typeof node>;

const lengthOf = (nodes: ImportedNode[]) => nodes.reduce((length, { text }) => length + text.length, 0);

const tooLongTogether = `The parts of one answer have more than ${maxCharacters.toLocaleString("en")} characters together, the most that a message may have.`;

interface Joined {
  nodes: ImportedNode[];
  /** Answers that are longer together than one may be. */
  refused: number;
}

/**
 * Answers that followed an answer, with a tool's work between them, as one: a question is what an answer follows here. Returns what is wrong instead where so many
 * branches begin in the middle of answers that the text becomes many times what the file holds.
 */
function joinAnswers(nodes: ImportedNode[]): Joined | string {
  const done = new Map<string, ImportedNode>();
  const continued = new Set<string>();
  const asked = new Set<string>();
  const refused = new Set<string>();
  for (const node of nodes) {
    const parent = node.parentId === null ? undefined : done.get(node.parentId);
    if (parent?.role === "assistant" && node.role === "assistant") {
      const isTooLong = refused.has(parent.id) || parent.text.length + 2 + node.text.length > maxCharacters;
      if (isTooLong) refused.add(node.id);
      continued.add(parent.id);
      const text = isTooLong ? refusedText : `${parent.text}\n\n${node.text}`;
      done.set(node.id, { ...node, parentId: parent.parentId, text });
    } else {
      if (parent) asked.add(parent.id);
      done.set(node.id, node);
    }
  }
  const joined = [...done.values()].filter(({ id }) => !continued.has(id) || asked.has(id));
  const repeats = lengthOf(joined) > 4 * lengthOf(nodes) + 10_000;
  if (repeats) return "Too many branches begin in the middle of an answer.";
  return { nodes: joined, refused: joined.filter(({ id }) => refused.has(id)).length };
}

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
  const joined = joinAnswers(nodes);
  if (typeof joined === "string") return refuse(joined);
  if (joined.nodes.length > maxMessages) return refuse(`A conversation may have at most ${maxMessages} messages.`);
  // A message that is too long is refused alone, unless there is nothing else.
  if (joined.nodes.length > 0 && joined.nodes.every(({ text }) => text === refusedText))
    return refuse(refused > 0 ? tooLong : tooLongTogether);
  leave(tooLongOnes, refused + joined.refused);
  return {
    title: file.title === null ? null : cleanLine(file.title, 200),
    cloneId: null,
    systemPrompt: null,
    temperature: null,
    topP: null,
    maxTokens: null,
    reasoning: null,
    privacy: null,
    pinned: false,
    archived: false,
    folder: null,
    tags: [],
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
