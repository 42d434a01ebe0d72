import { z } from "zod";
import { cleanLine } from "../../platform/single-line.ts";
import { type Imported, type ImportedNode, inOrder, maxCharacters, maxMessages, storedText } from "./imported.ts";

// Seconds, with fractions.
const time = z
  .number()
  .transform((seconds) => Math.round(seconds * 1000))
  .nullable()
  .catch(null);

const nodeMessage = z.object({
  author: z.object({ role: z.string() }),
  create_time: time,
  content: z.object({ content_type: z.string(), parts: z.array(z.unknown()).catch([]) }),
  status: z.string().nullable().catch(null),
  recipient: z.string().nullable().catch(null),
  metadata: z
    .object({ is_visually_hidden_from_conversation: z.boolean().catch(false) })
    .nullable()
    .catch(null),
});

const node = z.object({ message: nodeMessage.nullable().catch(null), parent: z.string().nullable().catch(null) });

const shape = z.object({
  title: z.string().nullable().catch(null),
  create_time: time,
  update_time: time,
  mapping: z.record(z.string(), node),
  current_node: z.string().nullable().catch(null),
});

type Node = z.output<typeof node>;

const attached = "(attachment)";

/** Marks that point at web pages the file does not hold. None spans another's beginning, so that each character is looked at once. */
const marks = /\ue200[^\ue200\ue201]*\ue201|【\d+†[^【】\n]*】/g;

/** What a person read of a message, its marks included; null for what they never saw: instructions, tools, thoughts. */
function wordsOf(message: z.output<typeof nodeMessage> | null): string | null {
  if (!message || message.metadata?.is_visually_hidden_from_conversation) return null;
  const { author, content, recipient } = message;
  if (author.role !== "user" && author.role !== "assistant") return null;
  if (recipient !== null && recipient !== "all") return null;
  if (content.content_type !== "text" && content.content_type !== "multimodal_text") return null;
  return content.parts.filter((part) => typeof part === "string").join("\n");
}

/** A message’s words without the marks in them; null where nothing of it is to be shown. */
function textOf(message: z.output<typeof nodeMessage> | null, words: string | null): string | null {
  if (words === null) return null;
  const text = words.replace(marks, "").trim();
  return text === "" && message?.content.parts.some((part) => typeof part === "object") ? attached : text || null;
}

const lengthOf = (nodes: ImportedNode[]) => nodes.reduce((length, { text }) => length + text.length, 0);

/**
 * Answers that followed an answer, with a tool's work between them, as one: a question is what an answer follows here. Returns what is wrong
 * instead where one becomes longer than a message may be, or where so many branches begin in the middle of answers that the text becomes many
 * times what the file holds.
 */
function joinAnswers(nodes: ImportedNode[]): ImportedNode[] | string {
  const done = new Map<string, ImportedNode>();
  const continued = new Set<string>();
  const asked = new Set<string>();
  for (const node of nodes) {
    const parent = node.parentId === null ? undefined : done.get(node.parentId);
    if (parent?.role === "assistant" && node.role === "assistant") {
      const length = parent.text.length + 2 + node.text.length;
      if (length > maxCharacters) {
        return `The parts of one answer have more than ${maxCharacters.toLocaleString("en")} characters together, the most that a message may have.`;
      }
      continued.add(parent.id);
      done.set(node.id, { ...node, parentId: parent.parentId, text: `${parent.text}\n\n${node.text}` });
    } else {
      if (parent) asked.add(parent.id);
      done.set(node.id, node);
    }
  }
  const joined = [...done.values()].filter(({ id }) => !continued.has(id) || asked.has(id));
  const repeats = lengthOf(joined) > 4 * lengthOf(nodes) + 10_000;
  return repeats ? "Too many branches begin in the middle of an answer." : joined;
}

/** A conversation of ChatGPT's `conversations.json`: its tree without what nobody saw. Throws a `ZodError` for anything else. */
export const chatGptConversation = shape.transform((file, context): Imported => {
  const refuse = (message: string, path: string[] = ["mapping"]) => {
    context.addIssue({ code: "custom", message, path });
    return z.NEVER;
  };
  const all = Object.entries(file.mapping).map(([id, value]) => ({ id, parentId: value.parent, node: value }));
  const ordered = inOrder(all);
  if (typeof ordered === "string") return refuse(ordered);
  /** The nearest kept message at or above each node. */
  const kept = new Map<string, string | null>();
  const nodes: ImportedNode[] = [];
  for (const { id, parentId, node } of ordered) {
    const above = parentId === null ? null : (kept.get(parentId) ?? null);
    const words = wordsOf(node.message);
    const checked = storedText.nullable().safeParse(words);
    if (!checked.success)
      return refuse(checked.error.issues[0]?.message ?? "A message cannot be read.", ["mapping", id]);
    const text = textOf(node.message, checked.data);
    kept.set(id, text === null ? above : id);
    if (text === null) continue;
    nodes.push({ id, parentId: above, text, ...about(node) });
  }
  const joined = joinAnswers(nodes);
  if (typeof joined === "string") return refuse(joined);
  if (joined.length > maxMessages) return refuse(`A conversation may have at most ${maxMessages} messages.`);
  return {
    title: file.title === null ? null : cleanLine(file.title, 200),
    cloneId: null,
    systemPrompt: null,
    temperature: null,
    topP: null,
    maxTokens: null,
    pinned: false,
    archived: false,
    folder: null,
    tags: [],
    headId: kept.get(file.current_node ?? "") ?? null,
    createdAt: file.create_time,
    updatedAt: file.update_time,
    nodes: joined,
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
