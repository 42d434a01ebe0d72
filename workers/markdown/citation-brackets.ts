/** Names that programs give to what they count into, and words of one letter. */
const counted =
  /(?:^|[^\p{L}\p{N}])(?:\p{L}|arr(?:ay)?s?|elems?|args|argv|params|objs?|cols?|mat(?:rix)?|vec|str|buf|tmp|dict|foo|baz|vals?|nums?|idx|memo|dp|self|this)$/u;
const partOfWord = /[\p{L}\p{N}_$\])'"]$/u;
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Hangul}]$/u;
const named = /(?:[_$\\@]|:\/\/|\p{Ll}\p{Lu}|\p{L}\d)[^\s]*$/u;
const goesOnAsCode = /^(?:\[\d+\])*(?:\s?(?:[=+*/<>^%|]|-[^\s\d]|&&|-=|!=)|\s- \S|[\p{L}\d_(]|\.\p{Ll})/u;
/** Longer than a name that somebody counts into. */
const longestName = 80;

/** The end of a link, or of a formula: nobody counts into these. */
const endsWhole = /\]\([^()\s]*\)$|[^\s$]\$$|\\[)\]]$/;

/** Whether brackets behind `before` stand right behind a word. */
export const isGlued = (before: string): boolean =>
  partOfWord.test(before) && !unspaced.test(before) && !endsWhole.test(before);

/** Whether brackets with a number, right behind a word, count into something (`arr[1]`) rather than to cite. */
export function isIndex(before: string, behind: string): boolean {
  if (!isGlued(before)) return false;
  const word = (before.slice(-longestName).split(/\s/).at(-1) ?? "").replace(/(?:\[\d{1,3}\]){1,9}$/, "");
  return (
    counted.test(word) || named.test(word) || (/\d$/.test(word) && /\p{L}/u.test(word)) || goesOnAsCode.test(behind)
  );
}

interface Marker {
  number: number;
  start: number;
  end: number;
}

const marker = /\[(\d{1,3})\]/g;

/** The markers of citations in a text that is no code, with their numbers. */
export function markersIn(text: string): Marker[] {
  const found: Marker[] = [];
  for (const { 0: bracket, 1: number, index: start } of text.matchAll(marker)) {
    const end = start + bracket.length;
    // A marker behind another one is behind what that closes.
    const last = found.at(-1);
    const isNext = last !== undefined && last.end === start;
    if (isNext || !isIndex(text.slice(Math.max(0, start - longestName), start), text.slice(end, end + 40)))
      found.push({ number: Number(number), start, end });
  }
  return found;
}
