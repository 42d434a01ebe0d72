/** How wide a character is set. */
export type WidthOf = (character: string) => number;

/**
 * A paragraph in lines of at most `width`, broken behind spaces and hyphens, and inside a word that is wider than a line. Looks at
 * each character once, however long the word or the paragraph; the setter's own breaking looks at all that is left for every line.
 */
export function* wrapLines(paragraph: string, width: number, widthOf: WidthOf): Generator<string> {
  let start = 0;
  let used = 0;
  /** Where the line may be broken, and how wide it is up to there. */
  let breakAt = 0;
  let usedAtBreak = 0;
  let at = 0;
  for (const character of paragraph) {
    const own = widthOf(character);
    const isSpace = character === " ";
    // A space at the end of a line may stand out, as nobody sees it.
    if (used + own > width && !isSpace && at > start) {
      const end = breakAt > start ? breakAt : at;
      yield paragraph.slice(start, end).trimEnd();
      used -= end === at ? used : usedAtBreak;
      start = end;
    }
    at += character.length;
    used += own;
    if (isSpace || character === "-") {
      breakAt = at;
      usedAtBreak = used;
    }
  }
  yield paragraph.slice(start).trimEnd();
}
