import { z } from "zod";
import { cleanLine } from "../../platform/single-line.ts";
import { claudeMessage, claudeWordsOf } from "./claude-words.ts";
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

const time = claudeMessage.shape.created_at;

const shape = z.object({
  name: z.string().nullable().catch(null),
  created_at: time,
  updated_at: time,
  current_leaf_message_uuid: z.string().nullable().catch(null),
  chat_messages: z.array(claudeMessage),
});
type Message = z.output<typeof claudeMessage>;

/** Each message with the one it follows: as it says itself, else the one before it. */
function withParents(messages: Message[]): { id: string; parentId: string | null; message: Message }[] {
  const ids = new Set(messages.map(({ uuid }) => uuid));
  const isTree = messages.some(({ parent_message_uuid: parent }) => parent !== null);
  return messages.map((message, at) => {
    const parent = isTree ? message.parent_message_uuid : (messages[at - 1]?.uuid ?? null);
    return { id: message.uuid, parentId: parent !== null && ids.has(parent) ? parent : null, message };
  });
}

/** The messages that are kept, and what is left out of them. */
function readMessages(ordered: ReturnType<typeof withParents>) {
  /** The nearest kept message at or above each. */
  const kept = new Map<string, string | null>();
  const nodes: ImportedNode[] = [];
  const leftOut = new Map<string, number>();
  let refused = 0;
  for (const { id, parentId, message } of ordered) {
    const above = parentId === null ? null : (kept.get(parentId) ?? null);
    const words = claudeWordsOf(message);
    for (const what of words.leftOut) leftOut.set(what, (leftOut.get(what) ?? 0) + 1);
    const isTooLong = (words.text?.length ?? 0) > maxCharacters;
    if (isTooLong) refused++;
    const text = isTooLong ? refusedText : cleanText(words.text ?? "").trim();
    kept.set(id, text === "" ? above : id);
    if (text === "") continue;
    const role = message.sender === "human" ? "user" : "assistant";
    const createdAt = message.created_at;
    nodes.push({ id, parentId: above, role, text, createdAt, status: "complete", finishReason: null, citations: [] });
  }
  return { kept, nodes, leftOut, refused };
}

/** A conversation of Claude's `conversations.json`, without what nobody saw. Throws a `ZodError` for anything else. */
export const claudeConversation = shape.transform((file, context): Imported => {
  const refuse = (message: string) => {
    context.addIssue({ code: "custom", message, path: ["chat_messages"] });
    return z.NEVER;
  };
  const ordered = inOrder(withParents(file.chat_messages));
  if (typeof ordered === "string") return refuse(ordered);
  const { kept, nodes, leftOut, refused } = readMessages(ordered);
  const joined = answersOf(nodes, refused);
  if (typeof joined === "string") return refuse(joined);
  if (joined.refused > 0) leftOut.set(tooLongOnes, joined.refused);
  const head = file.current_leaf_message_uuid ?? file.chat_messages.at(-1)?.uuid ?? "";
  return {
    title: file.name === null ? null : cleanLine(file.name, 200),
    ...nothingSet(),
    headId: kept.get(head) ?? null,
    createdAt: file.created_at,
    updatedAt: file.updated_at,
    nodes: joined.nodes,
    leftOut: [...leftOut].map(([what, count]) => ({ what, count })),
  };
});
