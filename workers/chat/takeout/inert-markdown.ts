import type { Nodes } from "mdast";
import { fromMarkdown, type Options } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { bounds } from "../../markdown/bounds.ts";
import { type Piece, splitMarkdown } from "../../markdown/pieces.ts";
import { withoutHtml } from "../../markdown/without-html.ts";

/** What viewers parse by: what is code to one may be the cells of a table to another. */
const dialects: Options[] = [
  { extensions: [withoutHtml] },
  { extensions: [gfm(), withoutHtml], mdastExtensions: [gfmFromMarkdown()] },
];

/** What begins HTML or a picture, in text that is neither code nor an address. */
const sign = /(?<!\\)(?:<(?=[a-z/!?])|!\[)/gi;

/** What is written instead of a piece's characters, by their place. */
type Edits = Map<number, { length: number; by: string }>;

function editText(source: string, start: number, end: number, edits: Edits): void {
  for (const { 0: found, index } of source.slice(start, end).matchAll(sign)) {
    // A name that is defined anywhere in the file would make a picture of the second.
    edits.set(start + index, found === "<" ? { length: 1, by: "&lt;" } : { length: 2, by: "!\\[" });
  }
}

function editIn(node: Nodes, source: string, edits: Edits): void {
  if (node.type === "image" || node.type === "imageReference") {
    edits.set(node.position?.start.offset ?? 0, { length: 2, by: "[Image: " });
  }
  if (!("children" in node)) return;
  let end = node.position?.start.offset ?? 0;
  // Where addresses were found in a text, its parts have lost their places: they fill the gaps between the others.
  let hasGap = false;
  for (const child of node.children) {
    const place = child.position;
    if (!place || child.type === "text") hasGap = true;
    if (!place) continue;
    const isText = child.type === "text";
    if (hasGap) editText(source, end, place[isText ? "end" : "start"].offset ?? end, edits);
    hasGap = false;
    end = place.end.offset ?? end;
    if (!isText) editIn(child, source, edits);
  }
  if (hasGap) editText(source, end, node.position?.end.offset ?? end, edits);
}

/** The line that closes the code which the text leaves open; empty where it leaves none. */
function closingOf(source: string, last: Nodes | undefined): string {
  const code = last?.type === "code" ? source.slice(last.position?.start.offset).trimEnd() : "";
  const opening = /^(?:`{3,}|~{3,})/.exec(code)?.[0];
  if (!opening) return "";
  const end = code.includes("\n") ? code.slice(code.lastIndexOf("\n") + 1).trim() : "";
  const isClosed = end.length >= opening.length && end === opening.charAt(0).repeat(end.length);
  return isClosed ? "" : `${source.endsWith("\n") ? "" : "\n"}${opening}\n`;
}

function inertPiece({ text, definitions }: Piece): string {
  const source = definitions + text;
  const trees = dialects.map((dialect) => fromMarkdown(source, dialect));
  const edits: Edits = new Map();
  for (const tree of trees) editIn(tree, source, edits);
  let out = "";
  let end = definitions.length;
  for (const [at, { length, by }] of [...edits].sort(([a], [b]) => a - b)) {
    if (at < end) continue;
    out += source.slice(end, at) + by;
    end = at + length;
  }
  return out + source.slice(end) + closingOf(source, trees[0]?.children.at(-1));
}

/** A text that is not parsed, as a block of code that nothing in it can end. */
function asCode(text: string): string {
  const longest = text.match(/`+/g)?.reduce((most, run) => Math.max(most, run.length), 0) ?? 0;
  const fence = "`".repeat(Math.max(3, longest + 1));
  return `\n${fence}\n${text.trim()}\n${fence}\n\n`;
}

/**
 * Makes Markdown that calls nobody, wherever it is opened: images become links to themselves, HTML the text that it is. What is beyond
 * the bounds of Markdown becomes a block of code, also where the texts are beyond them together. As HTML hides nothing then, one look
 * at each piece is enough.
 */
export function inertWriter(): (source: string) => string {
  let spent = 0;
  return (source) => {
    if (spent > bounds.work) return asCode(source);
    const { pieces, parts } = splitMarkdown(source);
    spent += parts.at(-1)?.spent ?? 0;
    return pieces.map((piece) => (piece.kind === "plain" ? asCode(piece.text) : inertPiece(piece))).join("");
  };
}
