import { type ImportedNode, maxCharacters, maxMessages, refusedText, tooLong } from "./imported.ts";

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

/**
 * The nodes of another product's file with one answer a question, and how many texts of it are refused for their length, with those that already are. Returns what is
 * wrong where nothing of it can be kept.
 */
export function answersOf(nodes: ImportedNode[], refused: number): Joined | string {
  const joined = joinAnswers(nodes);
  if (typeof joined === "string") return joined;
  if (joined.nodes.length > maxMessages) return `A conversation may have at most ${maxMessages} messages.`;
  // A message that is too long is refused alone, unless there is nothing else.
  if (joined.nodes.length > 0 && joined.nodes.every(({ text }) => text === refusedText))
    return refused > 0 ? tooLong : tooLongTogether;
  return { nodes: joined.nodes, refused: refused + joined.refused };
}
