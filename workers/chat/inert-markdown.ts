import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";

interface Edit {
  at: number;
  length: number;
  by: string;
}

function* editsOf(node: Nodes, source: string): Generator<Edit> {
  const start = node.position?.start.offset ?? 0;
  const end = node.position?.end.offset ?? 0;
  if (node.type === "image" || node.type === "imageReference") yield { at: start, length: 2, by: "[Image: " };
  if (node.type === "html")
    for (let at = source.indexOf("<", start); at >= 0 && at < end; at = source.indexOf("<", at + 1))
      yield { at, length: 1, by: "&lt;" };
  if ("children" in node) for (const child of node.children) yield* editsOf(child, source);
}

/** What is HTML hides what is Markdown inside it, which shows when the HTML is none any more: so often this may go on. */
const mostRounds = 10;

/** Markdown that calls nobody, wherever it is opened: images become links to themselves, HTML the text that it is. */
export function inertMarkdown(source: string): string {
  let text = source;
  for (let round = 0; round < mostRounds; round++) {
    const edits = [...editsOf(fromMarkdown(text), text)].sort((a, b) => b.at - a.at);
    if (edits.length === 0) return text;
    for (const { at, length, by } of edits) text = text.slice(0, at) + by + text.slice(at + length);
  }
  return text.replaceAll("![", "[").replaceAll("<", "&lt;");
}
