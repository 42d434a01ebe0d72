import { readCodes } from "../../text/numbers.ts";
import { isFunctionWord } from "../../text/words.ts";

/** Something that is looked for as a whole. `end` is where it ends in the text. */
export interface Name {
  text: string;
  end: number;
}

/** What is a word of its own is marked, so that no ordinary word is the same: “US” is not “us”, nor plan A an article. */
const marked = (text: string) => `#${text.toLowerCase()}`;

/** USB-C */
const joinedLetter = /(?<=\p{L}{2}-)[A-Z](?![\p{L}\p{M}\p{N}'&+#-])/gu;
/** U.S.A. */
const dotted = /(?<![\p{L}\p{N}.])(?:\p{Lu}\.){2,}(?:\p{Lu}(?![\p{L}\p{N}]))?/gu;
/** US and WHO, which in small letters say nothing; not in a line of capitals. */
const capitals = /(?<![\p{L}\p{M}\p{N}.])[A-Z]{2,3}(?![\p{L}\p{M}\p{N}])/gu;
const beside = /(?:\p{Lu}{2,}[^\p{L}\n]*$)|(?:^[^\p{L}\n]*\p{Lu}{2,})/u;
/** C++, C#, .NET */
const language = /(?<![\p{L}\p{N}.])(?:[A-Z](?:\+\+|#)|\.[A-Z]{3})(?![\p{L}\p{N}])/giu;
const address = /(?<![\w.+-])[\w.+-]{1,64}@[a-z\d-]{1,63}(?:\.[a-z\d-]{2,63}){1,4}/gi;
const hyphened = /(?<!\p{L})e-mail(?!\p{L})/giu;

function isAcronym(text: string, start: number, end: number): boolean {
  if (!isFunctionWord(text.slice(start, end).toLowerCase())) return false;
  return ![text.slice(Math.max(0, start - 30), start), text.slice(end, end + 30)].some((side) => beside.test(side));
}

/**
 * The codes, names of one letter, acronyms and addresses in a text, which its words alone do not tell apart, in the order of their ends. Their case
 * is taken as written.
 */
export function namesOf(text: string): Name[] {
  const found: Name[] = readCodes(text).map(({ code, end }) => ({ text: marked(code.replaceAll(" ", "-")), end }));
  const add = (match: RegExpExecArray, ...words: string[]) => {
    for (const word of words) found.push({ text: word, end: match.index + match[0].length });
  };
  for (const match of text.matchAll(joinedLetter)) add(match, marked(match[0]));
  for (const match of text.matchAll(dotted)) {
    const word = match[0].replaceAll(".", "").toLowerCase();
    add(match, isFunctionWord(word) ? marked(word) : word);
  }
  for (const match of text.matchAll(capitals))
    if (isAcronym(text, match.index, match.index + match[0].length)) add(match, marked(match[0]));
  for (const match of text.matchAll(language)) add(match, marked(match[0]));
  if (text.includes("@")) for (const match of text.matchAll(address)) add(match, marked(match[0]), "email");
  for (const match of text.matchAll(hyphened)) add(match, "email");
  return found.sort((a, b) => a.end - b.end);
}
