/** The longest code or formula inside a line of text that an answer is held back for, in characters; one that is longer is none. */
export const longestSpan = 400;

const container = /^(?: {0,3}> ?)+/;
const listItem = /^( *)([-*+]|\d{1,9}[.)])( {1,4}(?=\S)|[ \t]*$)/;
const fenceMark = /^[ \t]*(`{3,}|~{3,})(.*)$/;
/** How much of a line is kept, to tell what kind it is. */
const longestHead = 300;

/** Which lines of a growing Markdown text are code: those in fences, and those that are indented. */
export class CodeLines {
  #line = "";
  #fence: { mark: string; quoted: boolean } | null = null;
  #isAfterBlank = true;
  #wasIndented = false;
  /** Where the text of the list item that we are in begins. */
  #listIndent = 0;

  /** Takes more of the text. */
  push(text: string): void {
    let from = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
      this.#head(text.slice(from, end));
      this.#endLine();
      from = end + 1;
    }
    this.#head(text.slice(from));
  }

  /** Whether what comes next in this line is code. */
  get isCode(): boolean {
    if (this.#fence) return true;
    const line = this.#line.replace(container, "");
    const [, mark, info = ""] = fenceMark.exec(line.replace(listItem, "")) ?? [];
    return (mark !== undefined && (mark.startsWith("~") || !info.includes("`"))) || this.#isIndented(line);
  }

  #head(text: string): void {
    if (this.#line.length < longestHead) this.#line += text.slice(0, longestHead - this.#line.length);
  }

  #isIndented(line: string): boolean {
    const indent = /^[ \t]*/.exec(line)?.[0].replaceAll("\t", "    ").length ?? 0;
    return indent >= this.#listIndent + 4 && (this.#isAfterBlank || this.#wasIndented);
  }

  #endLine(): void {
    const quoted = container.test(this.#line);
    const line = this.#line.replace(container, "");
    this.#line = "";
    if (this.#fence?.quoted && !quoted) this.#fence = null;
    if (this.#fence) {
      const [, mark = "", rest = ""] = fenceMark.exec(line) ?? [];
      if (mark.startsWith(this.#fence.mark) && rest.trim() === "") this.#fence = null;
      this.#isAfterBlank = false;
      return;
    }
    if (line.trim() === "") {
      this.#isAfterBlank = true;
      return;
    }
    this.#wasIndented = this.#isIndented(line);
    if (this.#wasIndented) {
      this.#isAfterBlank = false;
      return;
    }
    const item = listItem.exec(line);
    const indent = /^ */.exec(line)?.[0].length ?? 0;
    if (item) this.#listIndent = item[0].trimEnd().length + Math.max(1, item[3]?.length ?? 1);
    else if (this.#isAfterBlank && indent < this.#listIndent) this.#listIndent = 0;
    const [, mark, info = ""] = fenceMark.exec(line.slice(item?.[0].length ?? 0)) ?? [];
    if (mark && (mark.startsWith("~") || !info.includes("`"))) this.#fence = { mark, quoted };
    this.#isAfterBlank = false;
  }
}

/** What ends a paragraph, and with it all code in its lines. */
const paragraphEnd = /\n(?=[ \t]*(?:\n|`{3}|~{3}|#{1,6} |>|[-*+] |\d{1,9}[.)] ))/;
/** A line's beginning that may yet turn out to end a paragraph. */
const openLine = /\n[ \t]*(?:`{0,2}|~{0,2}|#{0,6}|[-*+]?|\d{0,9}[.)]?)$/;

interface Opening {
  /** What opens it. */
  mark: string;
  close: RegExp;
  longest: number;
  /** Whether an empty line may not stand in it, but other beginnings of blocks may. */
  isBlock?: true;
}

function openingAt(rest: string): Opening | null {
  const ticks = /^`+/.exec(rest)?.[0];
  if (ticks) return { mark: ticks, close: new RegExp(`(?<!\`)\`{${ticks.length}}(?!\`)`), longest: longestSpan };
  if (rest.startsWith("$$")) return { mark: "$$", close: /\$\$/, longest: longestSpan, isBlock: true };
  if (rest.startsWith("\\(")) return { mark: "\\(", close: /\\\)/, longest: longestSpan };
  if (rest.startsWith("\\[")) return { mark: "\\[", close: /\\\]/, longest: longestSpan, isBlock: true };
  // “$25 and $30” are no formula: neither begins with a figure, and none ends before one.
  if (/^\$[^\s\d$]/.test(rest)) return { mark: "$", close: /(?<=[^\s\\])\$(?!\d)/, longest: longestSpan / 2 };
  return null;
}

/**
 * The length of the code span or formula that begins `rest`; 0 where none does, as its mark is never closed in its paragraph or within
 * bounds; null where more has to come to tell.
 */
export function spanLength(rest: string, isEnd: boolean): number | null {
  const more = isEnd ? null : undefined;
  if (more === undefined && /^(?:`+|\$\$?|\\)$/.test(rest) && rest.length < longestSpan) return null;
  const opening = openingAt(rest);
  if (!opening) return 0;
  const { mark, close, longest, isBlock } = opening;
  const body = rest.slice(mark.length, longest);
  const end = (isBlock ? /\n[ \t]*\n/ : paragraphEnd).exec(body)?.index ?? Number.POSITIVE_INFINITY;
  const found = close.exec(body);
  const isWhole = isEnd || rest.length >= longest;
  // The last sign may be half of what closes it, or belong to a longer run.
  const isSure = found !== null && (isWhole || found.index + found[0].length < body.length);
  if (found && isSure && found.index < end) {
    const between = openLine.exec(body.slice(0, found.index));
    if (!between || isWhole || isBlock) return mark.length + found.index + found[0].length;
  }
  if (found && isSure) return 0;
  if (end < body.length && !found) return 0;
  return isWhole ? 0 : null;
}
