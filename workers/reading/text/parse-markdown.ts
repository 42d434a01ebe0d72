import MarkdownIt, { type Token } from "markdown-it";
import { ReadingBudget } from "../budget.ts";
import { blocksOfHtml } from "../markup/parse-html.ts";
import { addressBeside } from "../office/link-text.ts";
import { assembleDocument, type Block, BlockList, type ParsedDocument } from "../parsed-document.ts";
import { lowered, raised } from "../raised-text.ts";
import { SectionPath } from "../section-path.ts";
import { withNotesAndFormulas } from "./markdown-rules.ts";
import { blocksOfText } from "./parse-text.ts";
import { tableBlocksOf } from "./table-blocks.ts";

/** Embedded HTML is told apart from text, so that it can be left out. */
const reader = withNotesAndFormulas(new MarkdownIt({ html: true }));

/** Characters of one paragraph whose markup is read at once, and marks among them: those that never close take the square of that. */
const [inlineLimit, markLimit] = [4_000, 150];
/** What a mark, and a piece of the structure that was found, cost beside the characters. */
const [markCost, tokenCost] = [80, 150];
const isMark = (character: string | undefined) => character !== undefined && "[]*_!`<&$\\".includes(character);

/** Where a piece of a paragraph ends that begins at `from`. */
function endOfPiece(content: string, from: number, budget: ReadingBudget): number {
  let marks = 0;
  let at = from;
  for (; at < content.length && at < from + inlineLimit; at++) if (isMark(content[at]) && ++marks > markLimit) break;
  budget.spend(at - from + markCost * marks);
  if (at >= content.length) return at;
  // Between words where there are any.
  const piece = content.slice(from, at);
  const space = Math.max(piece.lastIndexOf(" "), piece.lastIndexOf("\n"));
  return space > 0 ? from + space + 1 : at;
}

/** A paragraph in pieces whose markup is read one by one. */
function* pieces(content: string, budget: ReadingBudget): Generator<string> {
  for (let from = 0; from < content.length; ) {
    const to = endOfPiece(content, from, budget);
    yield content.slice(from, to);
    from = to;
  }
}

reader.core.ruler.at("inline", ({ tokens, md, env }) => {
  const { budget } = env as { budget: ReadingBudget };
  for (const { type, content, children } of tokens) {
    if (type !== "inline" || !children) continue;
    for (const piece of pieces(content, budget)) md.inline.parse(piece, md, env, children);
  }
});

/** Addresses that a paragraph says; one with more links is a list of them for clicking. */
const mostAddresses = 3;

/** What of embedded HTML parts the words before it from those behind it. */
const isBlockTag = /^<\/(?:td|th|tr|li|dt|dd|p|div|h[1-6]|summary|option|caption|figcaption)\b/i;

/** What a reader sees of a run of text: no markup, nothing of embedded HTML but what stands above or below the line, and where links lead. */
function inlineText(children: Token[]): string {
  let text = "";
  let [addresses, linkStart] = [0, 0];
  let address: string | null = null;
  let shifted: { tag: string; start: number } | null = null;
  for (const token of children) {
    const { type, content } = token;
    const [, close, tag = ""] = type === "html_inline" ? (/^<(\/?)(sup|sub|br)\b/i.exec(content) ?? []) : [];
    if (type === "text" || type === "code_inline" || type === "image") text += content;
    else if (type === "softbreak" || type === "hardbreak" || /^br$/i.test(tag)) text += "\n";
    else if (type === "link_open") {
      address = String(token.attrGet("href") ?? "");
      linkStart = text.length;
    } else if (type === "link_close") {
      const beside = addressBeside(text.slice(linkStart), address);
      if (/^(?:mailto|tel):/i.test(address ?? "") || (beside !== "" && ++addresses <= mostAddresses)) text += beside;
    } else if (type === "html_inline" && isBlockTag.test(content)) text += " ";
    else if (tag !== "" && !close) shifted = { tag: tag.toLowerCase(), start: text.length };
    else if (tag !== "" && shifted) {
      const before = text.slice(0, shifted.start);
      text = before + (shifted.tag === "sup" ? raised : lowered)(text.slice(shifted.start), before);
      shifted = null;
    }
  }
  return text;
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

/** The rows of a table, and how many of them are its head. */
function rowsOf(tokens: Token[]): { rows: string[][]; heads: number } {
  const rows: string[][] = [];
  let heads = 0;
  for (const { type, children } of tokens) {
    if (type === "tr_open") rows.push([]);
    else if (type === "thead_close") heads = rows.length;
    else if (type === "inline") rows.at(-1)?.push(inlineText(children ?? []));
  }
  return { rows, heads };
}

/** What a piece of HTML shows: its tables, and all between them a line a block. */
function* shown(html: string, section: string | null, budget: ReadingBudget): Generator<Block> {
  const lines: string[] = [];
  for (const { text, table } of blocksOfHtml(html, budget)) {
    if (!table) {
      lines.push(text);
      continue;
    }
    if (lines.length > 0) yield { text: lines.splice(0).join("\n"), page: null, section };
    yield { text, page: null, section, table };
  }
  if (lines.length > 0) yield { text: lines.join("\n"), page: null, section };
}

function* blocksOf(tokens: Token[], path: SectionPath, budget: ReadingBudget): Generator<Block> {
  for (let from = 0; from < tokens.length; ) {
    let to = from + 1;
    while (to < tokens.length && ((tokens[to] as Token).level > 0 || (tokens[to] as Token).nesting < 0)) to++;
    const only = tokens[from];
    if (only?.type === "table_open") {
      const { rows, heads } = rowsOf(tokens.slice(from, to));
      yield* tableBlocksOf(rows, { page: null, section: path.current }, heads);
      from = to;
      continue;
    }
    if (only?.type === "html_block") {
      yield* shown(only.content, path.current, budget);
      from = to;
      continue;
    }
    const text = plain(tokens.slice(from, to));
    const heading = only?.type === "heading_open";
    const section = heading ? path.enter(Number(only.tag.slice(1)), text) : path.current;
    yield { text, page: null, section, heading };
    from = to;
  }
}

/** Front matter is looked at so far, and its lines too. */
const [matterLines, lineLength] = [200, 1_000];

/** The values of front matter by their names, in lower case; lists and nested values hold nothing that is shown. */
function valuesOf(matter: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of matter.slice(0, matterLines * lineLength).split(/\r?\n|\r/, matterLines)) {
    const name = /^[a-z]+(?=:)/i.exec(line)?.[0].toLowerCase();
    const said = name && line.slice(name.length + 1, lineLength).trim();
    const quote = said && /^["']/.exec(said)?.[0];
    const value = quote && said.length > 2 && said.endsWith(quote) ? said.slice(1, -1) : said;
    if (name && value && !values.has(name)) values.set(name, value);
  }
  return values;
}

function propertiesOf(matter: string, tokens: Token[]) {
  const first = tokens.findIndex(({ type, tag }) => type === "heading_open" && tag === "h1");
  const values = valuesOf(matter);
  return {
    title: values.get("title") ?? (first < 0 ? null : plain(tokens.slice(first, first + 2))),
    author: values.get("author"),
    date: values.get("date"),
    language: values.get("lang") ?? values.get("language"),
  };
}

/** Lines and characters that are parsed at once: tokens take fifty times the memory of the text. */
const [pieceLines, pieceLength] = [5_000, 500_000];
/** How deep a list or quotation lies from which on the parser may have left out what stands in it. */
const deepest = 90;

/** Where long Markdown is cut: at headings, then at paragraphs that begin at the margin, and where neither comes, between any lines. */
class Cutting {
  #lines = 0;
  #start = 0;
  /** The mark that began the code which is open; empty outside of code. */
  fence = "";
  #isBelowEmpty = false;

  /** Whether a new piece begins with the line at `at`. */
  cutsBefore(line: string, at: number): boolean {
    const size = Math.max(this.#lines / pieceLines, (at - this.#start) / pieceLength);
    const isStart = size > 2 ? this.#isBelowEmpty && /^[^\s>*+\-\d]/.test(line) : /^#{1,6}\s/.test(line);
    if (!(size > 1 && isStart && this.fence === "") && size <= 4) return false;
    [this.#start, this.#lines] = [at, 0];
    return true;
  }

  pass(line: string): void {
    this.#lines++;
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? "";
    if (this.fence === "") this.fence = mark;
    else if (mark.startsWith(this.fence)) this.fence = "";
    this.#isBelowEmpty = line.trim() === "";
  }
}

/** Long Markdown in pieces that can be read one by one. Links by reference lose their address over it, which is not shown anyway. */
function* piecesOf(body: string): Generator<string> {
  const cutting = new Cutting();
  let start = 0;
  let opening = "";
  for (let at = 0; at < body.length; ) {
    const end = body.indexOf("\n", at) + 1 || body.length;
    const line = body.slice(at, Math.min(end, at + 200));
    if (cutting.cutsBefore(line, at)) {
      yield opening + body.slice(start, at);
      // Code that is cut goes on as code.
      opening = cutting.fence && `${cutting.fence}\n`;
      start = at;
    }
    cutting.pass(line);
    at = end;
  }
  yield opening + body.slice(start);
}

/** Reads Markdown (CommonMark with tables); the front matter of static sites only gives the properties. */
export function parseMarkdown(source: string, budget = new ReadingBudget("markdown", source.length)): ParsedDocument {
  const matter = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/.exec(source);
  const body = source
    .slice(matter?.[0].length ?? 0)
    // Nobody quotes so deep, or has such lists in lists; the reader would leave the words out with the marks.
    .replace(/^(?:[ \t]{0,3}(?:>|(?:[-+*]|\d{1,9}[.)])[ \t])){20,}/gm, "> ");
  const path = new SectionPath();
  let said: ReturnType<typeof propertiesOf> | null = null;
  const blocks = new BlockList();
  for (const piece of piecesOf(body)) {
    budget.spend(piece.length);
    const tokens = reader.parse(piece, { budget });
    budget.spend(tokenCost * tokens.length);
    said ??= propertiesOf(matter?.[1] ?? "", tokens);
    const isTooDeep = tokens.some(({ level }) => level >= deepest);
    for (const block of isTooDeep ? blocksOfText(piece, budget) : blocksOf(tokens, path, budget)) blocks.push(block);
  }
  return assembleDocument(blocks, null, said ?? {});
}
