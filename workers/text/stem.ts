/** Porter's stemmer (1980), so that “advertising” and “advertised” count as one word. Other alphabets pass through. */
const step2: [string, string][] = [
  ["ational", "ate"],
  ["tional", "tion"],
  ["enci", "ence"],
  ["anci", "ance"],
  ["izer", "ize"],
  ["abli", "able"],
  ["alli", "al"],
  ["entli", "ent"],
  ["eli", "e"],
  ["ousli", "ous"],
  ["ization", "ize"],
  ["ation", "ate"],
  ["ator", "ate"],
  ["alism", "al"],
  ["iveness", "ive"],
  ["fulness", "ful"],
  ["ousness", "ous"],
  ["aliti", "al"],
  ["iviti", "ive"],
  ["biliti", "ble"],
];

const step3: [string, string][] = [
  ["icate", "ic"],
  ["ative", ""],
  ["alize", "al"],
  ["iciti", "ic"],
  ["ical", "ic"],
  ["ful", ""],
  ["ness", ""],
];

const step4 = /^(.+?)(al|ance|ence|er|ic|able|ible|ant|ement|ment|ent|ou|ism|ate|iti|ous|ive|ize|(?<=[st])ion)$/;

const consonant = "(?:[^aeiouy]|(?<=^|[aeiou])y)";
const vowel = "(?:[aeiou]|(?<![aeiou]|^)y)";
const hasVowel = new RegExp(vowel);
const measureAtLeast1 = new RegExp(`^${consonant}*${vowel}+${consonant}`);
const measureExactly1 = new RegExp(`^${consonant}*${vowel}+${consonant}+${vowel}*$`);
const measureAtLeast2 = new RegExp(`^${consonant}*${vowel}+${consonant}+${vowel}+${consonant}`);
const endsShort = /[^aeiou][aeiouy][^aeiouwxy]$/;

function replaceSuffix(word: string, table: [string, string][]): string {
  for (const [suffix, replacement] of table) {
    if (!word.endsWith(suffix)) continue;
    const rest = word.slice(0, -suffix.length);
    return measureAtLeast1.test(rest) ? rest + replacement : word;
  }
  return word;
}

function withoutPlural(word: string): string {
  if (word.endsWith("sses") || word.endsWith("ies")) return word.slice(0, -2);
  return word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;
}

function withoutTense(word: string): string {
  if (word.endsWith("eed")) return measureAtLeast1.test(word.slice(0, -3)) ? word.slice(0, -1) : word;
  const rest = word.endsWith("ed") ? word.slice(0, -2) : word.endsWith("ing") ? word.slice(0, -3) : null;
  if (rest === null || !hasVowel.test(rest)) return word;
  if (/(?:at|bl|iz)$/.test(rest)) return `${rest}e`;
  if (/([^aeiouylsz])\1$/.test(rest)) return rest.slice(0, -1);
  return measureExactly1.test(rest) && endsShort.test(rest) ? `${rest}e` : rest;
}

function withoutEnding(word: string): string {
  const match = step4.exec(word);
  if (match?.[1] && measureAtLeast2.test(match[1])) return match[1];
  return word;
}

function withoutFinalE(word: string): string {
  let result = word;
  if (result.endsWith("e")) {
    const rest = result.slice(0, -1);
    if (measureAtLeast2.test(rest) || (measureExactly1.test(rest) && !endsShort.test(rest))) result = rest;
  }
  return result.endsWith("ll") && measureAtLeast2.test(result.slice(0, -1)) ? result.slice(0, -1) : result;
}

/** The stem of a lower-case word. */
export function stem(word: string): string {
  if (word.length < 3 || !/^[a-z]+$/.test(word)) return word;
  let result = withoutTense(withoutPlural(word));
  if (result.endsWith("y") && hasVowel.test(result.slice(0, -1))) result = `${result.slice(0, -1)}i`;
  result = replaceSuffix(replaceSuffix(result, step2), step3);
  return withoutFinalE(withoutEnding(result));
}
