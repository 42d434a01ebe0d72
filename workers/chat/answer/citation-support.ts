import { isFunctionWord, wordsOf } from "../../text/words.ts";
import { remembering } from "./remembering.ts";

/** Of a claim's telling words, this share at least stands in a text that supports it; paraphrases share about half. */
const leastShared = 0.25;
/** Claims of fewer telling words (“Yes, they do [1].”) say nothing that could be held against a text. */
const fewestWords = 2;
/** How much of the answer is looked at for the sentence that a marker closes. */
const longestClaim = 1_000;

const numerals = "zero one two three four five six seven eight nine ten eleven twelve".split(" ");

interface Words {
  telling: Set<string>;
  numbers: Set<string>;
}

function wordsIn(text: string): Words {
  const telling = new Set<string>();
  const numbers = new Set<string>();
  for (const { text: word, stem } of wordsOf(text)) {
    const numeral = numerals.indexOf(word);
    if (numeral >= 0) numbers.add(String(numeral));
    else if (/^\p{N}/u.test(word)) numbers.add(stem.replace(/[.,]0+$/, ""));
    else if (!isFunctionWord(word)) telling.add(stem);
  }
  return { telling, numbers };
}

/** The words of the texts that were read last. */
const remembered = remembering(100, wordsIn);

const marker = /(?<!\s)\s*\[\d{1,3}\]/g;
const listMark = /^\s*(?:[-*+•]|\d{1,3}[.)])\s+/;

/** The sentence that a marker at the end of `said` closes, without markers and Markdown's signs. */
export function claimBefore(said: string): string {
  const tail = said.slice(-longestClaim).replace(marker, "").trimEnd();
  const line = tail.slice(tail.lastIndexOf("\n") + 1).replace(listMark, "");
  const sentences = [...new Intl.Segmenter(undefined, { granularity: "sentence" }).segment(line)];
  return (sentences.findLast(({ segment }) => segment.trim() !== "")?.segment ?? "").replace(/[*_`#]+/g, "").trim();
}

/** Words that hardly a sentence of a language does without, and that the others do not have. */
const usual = {
  en: "the of and to is are was were for that with this it from by not",
  de: "der die das und ist sind nicht ein eine den dem mit wird von zu auf",
  fr: "le la les des est sont dans pour pas une du qui sur avec cette au",
  es: "el los las una es son por para con del se su que está como",
  it: "il gli della è sono per che non una di con nel alla dei",
  pt: "os uma é são para com não da do que em dos mais seu",
  nl: "het een van en dat niet voor zijn wordt met deze aan bij",
};
const languageOfWord = new Map(
  Object.entries(usual).flatMap(([language, words]) => words.split(" ").map((word) => [word, language] as const)),
);

/** The language that most of a text's little words are of; null where there are too few of them, or none that is known. */
function languageOf(text: string): string | null {
  const counts = new Map<string, number>();
  for (const [word] of text
    .slice(0, 2_000)
    .toLowerCase()
    .matchAll(/\p{L}+/gu)) {
    const language = languageOfWord.get(word);
    if (language) counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  return most?.[0] ?? null;
}

/**
 * What can be said of whether a text supports a claim by their words alone: `no` where it lacks the claim's numbers, or nearly all
 * of its words; `unknown` where words cannot tell. `given` are numbers that the question brought, which an answer may repeat.
 */
export function supportOf(claim: string, text: string, given: ReadonlySet<string>): "yes" | "no" | "unknown" {
  const [said, there] = [wordsIn(claim), remembered(text)];
  if (said.telling.size + said.numbers.size < fewestWords) return "unknown";
  for (const number of said.numbers) if (!there.numbers.has(number) && !given.has(number)) return "no";
  if (said.telling.size < fewestWords) return "yes";
  const shared = [...said.telling].filter((word) => there.telling.has(word)).length;
  if (shared >= said.telling.size * leastShared) return "yes";
  // An answer in another language than its source shares names and numbers with it at most.
  const language = languageOf(claim);
  return language !== null && language === languageOf(text) ? "no" : "unknown";
}

/** The numbers that a text says. */
export const numbersIn = (text: string): ReadonlySet<string> => wordsIn(text).numbers;
