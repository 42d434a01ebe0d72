import { areSynonyms } from "./lexicon.ts";

/** How far a word of a text stands for a word of a question, 0 to 1. */
const degrees = { inflected: 1, misspelt: 0.85, synonym: 0.8, part: 0.6 } as const;

/** “visit” and “visitor” share a beginning: near enough to count, where the rest is short. */
function isVariant(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.length >= 5 && long.length - short.length <= 3 && long.startsWith(short);
}

const hangul = /^\p{sc=Hangul}+$/u;
const otherAlphabet = /^(?![a-z])[\p{L}\p{M}]+$/u;
const anyAlphabet = /^[\p{L}\p{M}]+$/u;

/** Words of languages without a stemmer, which begin alike and end as their grammar wants. */
function isInflected(a: string, b: string, { inflects }: Likeness): boolean {
  const readable = inflects ? anyAlphabet : otherAlphabet;
  if (!readable.test(a) || !readable.test(b)) return false;
  let shared = 0;
  while (shared < a.length && a[shared] === b[shared]) shared++;
  // A syllable of Hangul is a letter here, and behind the word stand its particles.
  if (shared >= 2 && hangul.test(a)) return true;
  const longest = Math.max(a.length, b.length);
  return shared >= 4 && longest - shared <= 4 && shared >= longest * 0.6;
}

/** “Kuendigung” and “Kundigung” (of “Kündigung”), “Strasse” and “Straße”. */
const plainSpelling = (word: string) => word.replaceAll("ß", "ss").replace(/([aou])e/g, "$1");

/** Whether two words of letters are one but for a slip: a letter more, less, other, or two that changed places; two slips in long ones. */
export function isMisspelt(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length);
  const slips = shorter >= 7 ? 2 : shorter >= 5 ? 1 : 0;
  if (Math.abs(a.length - b.length) > slips || slips === 0 || a[0] !== b[0]) return false;
  let [older, before] = [[] as number[], Array.from({ length: b.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min((before[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (before[j - 1] ?? 0) + (same ? 0 : 1));
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (older[j - 2] ?? 0) + 1);
      row.push(least);
    }
    if (Math.min(...row) > slips) return false;
    [older, before] = [before, row];
  }
  return (before[b.length] ?? 0) <= slips;
}

const longCompound = 9;
const shortPart = 5;

/** “Kündigungsfrist” says “Frist”. */
function isPart(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.length >= shortPart && long.length >= longCompound && long.endsWith(short);
}

export interface Likeness {
  /** A question whose language makes words of words. */
  compounds: boolean;
  /** One whose language is not English, of which the stems are. */
  inflects: boolean;
}

/** How far `word` stands for `asked`, both stems; 0 where it does not. Slips are looked for separately: see `isMisspelt`. */
export function likeness(asked: string, word: string, how: Likeness): number {
  if (asked === word) return 1;
  if (asked.length < 2 || word.length < 2 || asked.startsWith("#") || word.startsWith("#")) return 0;
  if (isVariant(asked, word) || isInflected(asked, word, how)) return degrees.inflected;
  if (areSynonyms(asked, word)) return degrees.synonym;
  if (plainSpelling(asked) === plainSpelling(word)) return degrees.inflected;
  return how.compounds && isPart(asked, word) ? degrees.part : 0;
}

const isWord = (stem: string) => /^[\p{L}\p{M}]+$/u.test(stem);

/**
 * What each word of a vocabulary stands for: its stem to the asked one, with how far. A slip counts only for what nothing else stands
 * for: a word that is there as it was asked for is not another's misspelling.
 */
export function standsFor(
  asked: readonly { stem: string; isName: boolean }[],
  vocabulary: ReadonlySet<string>,
  how: Likeness,
): Map<string, Map<string, number>> {
  const found = new Map<string, Map<string, number>>();
  const note = (word: string, stem: string, degree: number) => {
    const of = found.get(word) ?? new Map<string, number>();
    found.set(word, of.set(stem, Math.max(degree, of.get(stem) ?? 0)));
  };
  for (const { stem, isName } of asked) {
    let best = 0;
    for (const word of vocabulary) {
      const degree = isName && stem !== word && areSynonyms(stem, word) ? 0 : likeness(stem, word, how);
      if (degree > 0) note(word, stem, degree);
      best = Math.max(best, degree);
    }
    // A letter more or less makes another name of a short one.
    if (best >= degrees.inflected || !isWord(stem) || (isName && stem.length < 7)) continue;
    for (const word of vocabulary) if (isWord(word) && isMisspelt(stem, word)) note(word, stem, degrees.misspelt);
  }
  return found;
}
