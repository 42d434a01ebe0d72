import type { Nodes, RootContent } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { assembleDocument, type Block, type ParsedDocument } from "./parsed-document.ts";

/** What a reader sees of a node: no markup, no addresses of links, nothing of embedded HTML. */
function plain(node: Nodes): string {
  if (node.type === "html" || node.type === "definition") return "";
  if (node.type === "break") return "\n";
  if (node.type === "image") return node.alt ?? "";
  if ("value" in node) return node.value;
  if (node.type === "table") return node.children.map((row) => row.children.map(plain).join(" | ")).join("\n");
  if (node.type === "list") {
    return node.children
      .map((item, i) => `${node.ordered ? `${(node.start ?? 1) + i}.` : "-"} ${plain(item)}`)
      .join("\n");
  }
  if (!("children" in node)) return "";
  const parts = node.children.map((child) => plain(child as Nodes));
  return node.type === "listItem" || node.type === "blockquote" ? parts.join("\n") : parts.join("");
}

function* blocksOf(nodes: RootContent[]): Generator<Block> {
  let section: string | null = null;
  for (const node of nodes) {
    const text = plain(node);
    if (node.type === "heading") section = text;
    yield { text, page: null, section, heading: node.type === "heading" };
  }
}

/** Reads Markdown (GitHub's flavour); the front matter of static sites is left out. */
export function parseMarkdown(source: string): ParsedDocument {
  const body = source.replace(/^---\r?\n[\s\S]*?\r?\n---\r?\n/, "");
  const tree = fromMarkdown(body, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  return assembleDocument(blocksOf(tree.children), null);
}
