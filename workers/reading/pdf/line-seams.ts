import type { Line } from "./page-layout.ts";

/** No word is longer that a line's end divides. */
const longestWord = 100;
const hyphen = /[-\u2010]$/;
/** Scripts that write no spaces between words. */
const unspaced =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\u3000-\u303f\uff01-\uff5e]/u;
/** What follows a hyphen that stands for the rest of a word: “pre- and post-war”. */
const suspended = /^(?:and|or|to|und|oder|bzw|bis|et|ou|y|e|o|u|en|of|og|och|eller|i|lub)\b/u;
/** Words that stand in compounds with a hyphen, before it and behind it: where both meet, the hyphen is not the line's. */
const compoundHeads = new Set(
  "well long short self high low full part half mid ill old new real far near hard soft fast slow open free cost time user risk large small medium cross decision state year month day hour week minute single double multi two three four five six seven eight nine ten first second third one so non ex anti pre post follow built set check sign log face end peer machine data energy water air fire child family customer".split(
    " ",
  ),
);
const compoundTails = new Set(
  "term known based related free time level quality cost year old day week month hour minute out up off of to made wide scale size sized range party class hand line friendly speed life lived living art effective driven making maker being defined established in on by depth side sided fold person point going looking running reaching lasting standing efficient resistant proof tight specific oriented specified handed end called the date case work job service help employed assessment contained employment evident explanatory sufficient center centre learning".split(
    " ",
  ),
);

interface Divided {
  head: string;
  tail: string;
}

/** A word that is divided at the end of a line; null where none is. */
function dividedWord(line: string, next: string): Divided | null {
  if (!hyphen.test(line)) return null;
  const head = /(?<!\p{L})\p{L}[\p{L}-]*$/u.exec(line.slice(-longestWord, -1))?.[0];
  const tail = head && /^\p{Ll}\p{L}*/u.exec(next.slice(0, longestWord))?.[0];
  return head && tail ? { head: head.toLowerCase(), tail: tail.toLowerCase() } : null;
}

/** How lines are put together to the paragraph that they are, by the words that stand elsewhere in the document. */
export class LineSeams {
  readonly #words = new Set<string>();

  constructor(lines: Line[]) {
    const asked = new Set<string>();
    const ask = (line: Line | undefined, next: Line | undefined) => {
      const word = line && next && dividedWord(line.text, next.text);
      if (word) asked.add(`${word.head}-${word.tail}`).add(word.head + word.tail);
    };
    for (const [i, line] of lines.entries()) ask(line, lines[i + 1]);
    // A word that the end of a page divides has lines between its parts that are the page's own.
    const pages = [...Map.groupBy(lines, ({ page }) => page).values()];
    for (const [i, page] of pages.entries())
      for (const line of page.slice(-6)) for (const next of pages[i + 1]?.slice(0, 6) ?? []) ask(line, next);
    if (asked.size === 0) return;
    for (const { text } of lines)
      for (const [word] of text
        .toLowerCase()
        .replaceAll("\u2010", "-")
        .matchAll(/\p{L}[\p{L}-]+\p{L}/gu))
        if (asked.has(word)) this.#words.add(word);
  }

  /** What stands between two lines, and how much of the first is left out: a divided word is put together again. */
  between(line: string, next: string): { cut: number; between: string } {
    if (line.endsWith("\u00ad")) return { cut: 1, between: "" };
    const word = dividedWord(line, next);
    if (word && !suspended.test(next)) return { cut: this.#keepsHyphen(word) ? 0 : 1, between: "" };
    // A hyphen before a capital or a figure is the word's own.
    if (!word && /[\p{L}\p{N}][-\u2010]$/u.test(line) && /^[\p{Lu}\p{N}]/u.test(next)) return { cut: 0, between: "" };
    const isUnspaced = unspaced.test(line.slice(-1)) && unspaced.test(next.slice(0, 1));
    return { cut: 0, between: isUnspaced ? "" : " " };
  }

  #keepsHyphen({ head, tail }: Divided): boolean {
    if (this.#words.has(head + tail)) return false;
    if (this.#words.has(`${head}-${tail}`)) return true;
    const last = head.split("-").at(-1) ?? "";
    return head.includes("-") || (compoundHeads.has(last) && compoundTails.has(tail));
  }
}
