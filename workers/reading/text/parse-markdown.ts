import MarkdownIt, { type Token } from "markdown-it";
import { blocksOfHtml } from "../markup/parse-html.ts";
import { assembleDocument, type Block, BlockList, type ParsedDocument } from "../parsed-document.ts";
import { SectionPath } from "../section-path.ts";

/** Embedded HTML is told apart from text, so that it can be left out. */
const reader = new MarkdownIt({ html: true });

/** Characters of one paragraph whose markup is read at once: brackets and stars that never close take the square of that. */
const inlineLimit = 4_000;

/** A paragraph in pieces of at most `inlineLimit`, parted between words where there are any. */
function* pieces(content: string): Generator<string> {
  for (let from = 0; from < content.length; ) {
    const end = from + inlineLimit;
    const space = end < content.length ? Math.max(content.lastIndexOf(" ", end), content.lastIndexOf("\n", end)) : -1;
    const to = space > from ? space + 1 : end;
    yield content.slice(from, to);
    from = to;
  }
}

reader.core.ruler.at("inline", ({ tokens, md, env }) => {
  for (const { type, content, children } of tokens) {
    if (type === "inline" && children) for (const piece of pieces(content)) md.inline.parse(piece, md, env, children);
  }
});

/** What a reader sees of a run of text: no markup, no addresses of links, nothing of embedded HTML. */
function inlineText(children: Token[]): string {
  const parts = children.map(({ type, content }) => {
    if (type === "text" || type === "code_inline" || type === "image") return content;
    if (type === "softbreak" || type === "hardbreak") return "\n";
    return type === "html_inline" && /^<br\b/i.test(content) ? "\n" : "";
  });
  return parts.join("");
}

/** The lines of one block at the top level; lists begin theirs with their marks, tables have a line a row. */
function plain(tokens: Token[]): string {
  const lines: string[] = [];
  let mark = "";
  let row: string[] | null = null;
  for (const { type, content, children, info, markup } of tokens) {
    if (type === "list_item_open") mark += info ? `${info}${markup} ` : "- ";
    else if (type === "tr_open") row = [];
    else if (type === "tr_close") {
      lines.push((row ?? []).join(" | "));
      row = null;
    } else if (type === "inline" || type === "fence" || type === "code_block") {
      const text = children ? inlineText(children) : content.trimEnd();
      if (row) row.push(text.replaceAll("\n", " "));
      else lines.push(mark + text);
      mark = "";
    }
  }
  return lines.join("\n");
}

/** What a piece of HTML shows, a line a block. */
const shown = (html: string) =>
  blocksOfHtml(html)
    .map(({ text }) => text)
    .join("\n");

function* blocksOf(tokens: Token[], path: SectionPath): Generator<Block> {
  for (let from = 0; from < tokens.length; ) {
    let to = from + 1;
    while (to < tokens.length && ((tokens[to] as Token).level > 0 || (tokens[to] as Token).nesting < 0)) to++;
    const only = tokens[from];
    const text = only?.type === "html_block" ? shown(only.content) : plain(tokens.slice(from, to));
    const heading = only?.type === "heading_open";
    const section = heading ? path.enter(Number(only.tag.slice(1)), text) : path.current;
    yield { text, page: null, section, heading };
    from = to;
  }
}

/** A line of front matter that holds one value; lists and nested values hold nothing that is shown. */
const value = (matter: string, name: string) =>
  new RegExp(`^${name}:[ \\t]*(["']?)(.+?)\\1[ \\t]*$`, "im").exec(matter)?.[2] ?? null;

function propertiesOf(matter: string, tokens: Token[]) {
  const first = tokens.findIndex(({ type, tag }) => type === "heading_open" && tag === "h1");
  return {
    title: value(matter, "title") ?? (first < 0 ? null : plain(tokens.slice(first, first + 2))),
    author: value(matter, "author"),
    date: value(matter, "date"),
    language: value(matter, "lang(?:uage)?"),
  };
}

/** Lines that are parsed at once: tokens take fifty times the memory of the text. */
const pieceLines = 5_000;

/**
 * Long Markdown in pieces that can be read one by one: cut at headings, or else at paragraphs that begin at the margin, outside of code.
 * Links by reference lose their address over it, which is not shown anyway.
 */
function* piecesOf(body: string): Generator<string> {
  let [start, lines, fence, isBelowEmpty] = [0, 0, "", false];
  for (let at = 0; at < body.length; lines++) {
    const end = body.indexOf("\n", at) + 1 || body.length;
    const line = body.slice(at, Math.min(end, at + 200));
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? "";
    const isStart = lines > 2 * pieceLines ? isBelowEmpty && /^[^\s>*+\-\d]/.test(line) : /^#{1,6}\s/.test(line);
    if (lines > pieceLines && fence === "" && isStart) {
      yield body.slice(start, at);
      [start, lines] = [at, 0];
    }
    if (fence === "") fence = mark;
    else if (mark.startsWith(fence)) fence = "";
    isBelowEmpty = line.trim() === "";
    at = end;
  }
  yield body.slice(start);
}

/** Reads Markdown (CommonMark with tables); the front matter of static sites only gives the properties. */
export function parseMarkdown(source: string): ParsedDocument {
  const matter = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/.exec(source);
  const body = source
    .slice(matter?.[0].length ?? 0)
    // Nobody quotes so deep; the reader would leave the words out with the marks.
    .replace(/^(?:[ \t]{0,3}>){20,}/gm, "> ");
  const path = new SectionPath();
  let said: ReturnType<typeof propertiesOf> | null = null;
  const blocks = new BlockList();
  for (const piece of piecesOf(body)) {
    const tokens = reader.parse(piece, {});
    said ??= propertiesOf(matter?.[1] ?? "", tokens);
    for (const block of blocksOf(tokens, path)) blocks.push(block);
  }
  return assembleDocument(blocks, null, said ?? {});
}
