import { symbolOf } from "./symbol-font.ts";

/** What stands in quotes behind a word of a field's code, or up to the next space. */
function argumentOf(code: string): string {
  const rest = code.replace(/^\s*\S+\s*/, "");
  return (/^"((?:[^"\\]|\\.)*)"/.exec(rest)?.[1] ?? /^[^\\\s]\S*/.exec(rest)?.[0] ?? "").replaceAll("\\\\", "\\");
}

/** The word that says what a field is, such as HYPERLINK. */
export const fieldKind = (code: string): string => /^\s*(\S+)/.exec(code)?.[1]?.toUpperCase() ?? "";

/** The address that a field leads to; null where it is no link, or leads to a place in its document. */
export function addressOfField(code: string): string | null {
  return fieldKind(code) === "HYPERLINK" && !/^\s*HYPERLINK\s+\\l/i.test(code) ? argumentOf(code) || null : null;
}

/** Where the bracket ends that opens at `from`, and the commas within it that part its arguments. */
function bracketed(code: string, from: number): { parts: string[]; end: number } {
  const parts: string[] = [];
  let [depth, start] = [0, from + 1];
  for (let at = from; at < code.length; at++) {
    const sign = code[at];
    if (sign === "\\") at++;
    else if (sign === "(") depth++;
    else if (sign === ")" && --depth === 0) return { parts: [...parts, code.slice(start, at)], end: at + 1 };
    else if ((sign === "," || sign === ";") && depth === 1) {
      parts.push(code.slice(start, at));
      start = at + 1;
    }
  }
  return { parts: [...parts, code.slice(start)], end: code.length };
}

const maxDepth = 20;

/** What an equation of a field's code shows: of a word with its reading above it (`\o`), the word alone. */
function equationText(code: string, depth = 0): string {
  if (depth > maxDepth) return "";
  let text = "";
  for (let at = 0; at < code.length; ) {
    const found = /^\\([a-z*]+)/i.exec(code.slice(at, at + 10));
    if (!found) {
      if (code[at] === "\\") at++;
      text += code[at++] ?? "";
      continue;
    }
    const name = (found[1] ?? "").toLowerCase();
    at += found[0].length;
    // A number or a setting may stand before what is shown.
    const setting =
      /^\s*(?:\\(?:a[lcrd]|co\d*|vs\d*|hs\d*)\s*)*(?:"[^"]*"|[\w:.]+)?\s*/.exec(code.slice(at, at + 100))?.[0] ?? "";
    if (name.startsWith("*") || code[at + setting.length] !== "(") {
      if (name.startsWith("*") || !/\(/.test(setting)) at += setting.length;
      continue;
    }
    const { parts, end } = bracketed(code, at + setting.length);
    const of = (i: number) => equationText(parts[i] ?? "", depth + 1).trim();
    if (name === "f") text += `(${of(0)})/(${of(1)})`;
    else if (name === "r") text += `√(${of(parts.length - 1)})`;
    else if (name === "o") text += of(parts.length - 1);
    else text += parts.map((_, i) => of(i)).join(name === "s" || name === "b" ? "" : ", ");
    at = end;
  }
  return text;
}

/** What a field shows that has no result beside its code. */
export function shownByField(code: string): string {
  const kind = fieldKind(code);
  if (kind === "EQ") return equationText(code.replace(/^\s*EQ\s*/i, "")).trim();
  if (kind !== "SYMBOL") return "";
  const font = /\\f\s+"?([^"\\]+)/i.exec(code)?.[1] ?? "Symbol";
  return symbolOf(font.trim(), Number(argumentOf(code)) || 0);
}

/** Numbers of pages, which are other ones on each. */
export const isPageNumber = (code: string): boolean =>
  /^(?:PAGE|NUMPAGES|SECTIONPAGES|DATE|TIME)$/.test(fieldKind(code));
