import type { Nodes, RootContent } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { splitMarkdown } from "../../markdown/pieces.ts";
import { asWritten, prepared } from "../../markdown/prepare.ts";
import { markdownSyntax } from "../../markdown/syntax.ts";

/** A piece of an answer as it is set on paper: plain text, and how far it is indented. */
export interface Block {
  kind: "heading" | "text" | "code";
  indent: number;
  text: string;
}

const deepest = 6;
const options = { extensions: markdownSyntax, mdastExtensions: [gfmFromMarkdown()] };

function inline(node: Nodes): string {
  if (node.type === "break") return "\n";
  if (node.type === "image") return node.alt ?? "";
  if (node.type === "link") {
    const text = node.children.map(inline).join("");
    return text === node.url || text === "" ? node.url : `${text} (${node.url})`;
  }
  if ("value" in node) return node.value;
  return "children" in node ? node.children.map((child) => inline(child as Nodes)).join("") : "";
}

function* blocksIn(nodes: RootContent[], indent: number): Generator<Block> {
  for (const node of nodes) {
    if (node.type === "definition" || node.type === "thematicBreak") continue;
    if (node.type === "heading") yield { kind: "heading", indent, text: inline(node) };
    else if (node.type === "code") yield { kind: "code", indent: indent + 1, text: node.value };
    else if (node.type === "table") {
      const rows = node.children.map((row) => row.children.map(inline).join("  |  "));
      yield { kind: "text", indent, text: rows.join("\n") };
    } else if (node.type === "blockquote" && indent < deepest) yield* blocksIn(node.children, indent + 1);
    else if (node.type === "list" && indent < deepest) {
      for (const [i, item] of node.children.entries()) {
        const mark = node.ordered ? `${(node.start ?? 1) + i}.` : "•";
        const [first, ...rest] = blocksIn(item.children, indent + 1);
        yield { kind: "text", indent: indent + 1, text: `${mark} ${first?.text ?? ""}` };
        yield* rest;
      }
    } else yield { kind: "text", indent, text: inline(node) };
  }
}

/** An answer's Markdown as blocks of plain text, in order; what is beyond the bounds of Markdown stands as it was written. */
export function markdownBlocks(markdown: string): Block[] {
  const blocks = splitMarkdown(prepared(markdown)).pieces.flatMap(({ kind, text, definitions }): Block[] =>
    kind === "plain"
      ? [{ kind: "text", indent: 0, text: text.trim() }]
      : [...blocksIn(fromMarkdown(definitions + text, options).children, 0)],
  );
  return blocks.map((block) => ({ ...block, text: asWritten(block.text) })).filter(({ text }) => text.trim() !== "");
}
