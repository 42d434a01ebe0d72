/** Something that is told apart as a whole: a code, a letter that names, an address. `end` is where it ends in the text. */
export interface Code {
  text: string;
  end: number;
}

/** What is a word of its own is marked, so that no ordinary word is the same: “US” is not “us”, nor plan A an article. */
const marked = (text: string) => `#${text.toLowerCase()}`;

const letterOrDigit = "[\\p{L}\\p{N}]";
/** Runs of letters and digits joined by hyphens, points or slashes, with both among them. */
const joined = new RegExp(
  `(?<!${letterOrDigit})${letterOrDigit}+(?:[-._/]${letterOrDigit}+)*(?!${letterOrDigit})`,
  "gu",
);
const piece = /\p{N}+|[a-z]+/giu;
const longestCode = 40;

/** XR-500B, AB-1-20, ABC123, 802.11n, A4; neither a number nor a measure, as 15kg or 5m. */
function codesIn(run: string): string[] {
  if (run.length > longestCode || !/\p{N}/u.test(run) || !/[a-z]/i.test(run)) return [];
  const glued = run.split(/[-._/]/).filter((part) => {
    const pieces = part.match(piece) ?? [];
    if (pieces.length < 2) return false;
    const isLoneMeasure = part.length === run.length && /^\p{N}+\p{Ll}+$/u.test(part);
    return !isLoneMeasure && (pieces.length > 2 || pieces.some((each) => /^[a-z]$/i.test(each)));
  });
  if (glued.length > 0) return glued.map(marked);
  const parts = run.match(piece) ?? [];
  return parts.length > 2 ? [marked(parts.join("-"))] : [];
}

/** Plan B, Type C, USB-C; not I, an initial (J. Smith), the article A, nor the X of X-ray. */
const letter =
  /(?<![\p{L}\p{M}\p{N}.'’&+#])(?:[B-HJ-Z]|(?<=[\p{L}\p{N}][ \u00a0-])A)(?![\p{L}\p{M}\p{N}'’&+#]|-[\p{Ll}\p{N}]|\.\s*\p{Lu})/gu;
/** U.S.A. */
const dotted = /(?<![\p{L}\p{N}.])(?:\p{Lu}\.){2,}(?:\p{Lu}(?![\p{L}\p{N}]))?/gu;
/** US and WHO, which in small letters say nothing; not in a line of capitals. */
const capitals = /(?<![p{L}p{M}p{N}.])[A-Z]{2,3}(?![p{L}p{M}p{N}])/g;
const beside = /(?:\p{Lu}{2,}[^\p{L}\n]*$)|(?:^[^\p{L}\n]*\p{Lu}{2,})/u;
/** C++, C#, .NET */
const language = /(?<![\p{L}\p{N}.])(?:[A-Z](?:\+\+|#)|\.[A-Z]{3})(?![\p{L}\p{N}])/giu;
const address = /(?<![\w.+-])[\w.+-]{1,64}@[a-z\d-]{1,63}(?:\.[a-z\d-]{2,63}){1,4}/gi;
const phone = /(?<![\p{L}\p{N}])(?:\+|\(?0)\p{N}(?:[ ()/.-]{0,2}\p{N}){6,14}(?!\p{N})/gu;

/**
 * The codes, names of one letter, acronyms and addresses in a text, which its words alone do not tell apart, in the order of their ends. Their case
 * is taken as written. `isCommon` says which words tell nothing.
 */
export function codesOf(text: string, isCommon: (word: string) => boolean): Code[] {
  const found: Code[] = [];
  const add = (words: string[], match: RegExpExecArray) => {
    for (const word of words) found.push({ text: word, end: match.index + match[0].length });
  };
  if (/\p{N}/u.test(text)) {
    for (const match of text.matchAll(joined)) add(codesIn(match[0]), match);
    for (const match of text.matchAll(phone)) add([marked(match[0].replace(/[^\p{N}]/gu, ""))], match);
  }
  for (const match of text.matchAll(letter)) add([marked(match[0])], match);
  for (const match of text.matchAll(dotted)) {
    const word = match[0].replaceAll(".", "").toLowerCase();
    add([isCommon(word) ? marked(word) : word], match);
  }
  for (const match of text.matchAll(capitals)) {
    const word = match[0].toLowerCase();
    const end = match.index + match[0].length;
    const around = [text.slice(Math.max(0, match.index - 30), match.index), text.slice(end, end + 30)];
    if (isCommon(word) && !around.some((side) => beside.test(side))) add([marked(word)], match);
  }
  for (const match of text.matchAll(language)) add([marked(match[0])], match);
  if (text.includes("@")) for (const match of text.matchAll(address)) add([marked(match[0]), "email"], match);
  for (const match of text.matchAll(/(?<!\p{L})e-?mail(?!\p{L})/giu)) if (match[0].includes("-")) add(["email"], match);
  return found.sort((a, b) => a.end - b.end);
}
