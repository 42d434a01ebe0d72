/** A shorter run of words is no quotation: other sentences begin so too. */
const fewest = 6;
const word = /[\p{L}\p{M}\p{N}]+/gu;
/** What stands behind a clause. */
const ending = /^(?:["'”’»)\]*_]|\s)*(?:$|[.,;:!?…。！？،؛।(–—])/u;

interface Word {
  text: string;
  end: number;
  /** Whether a clause ends behind it. */
  closes: boolean;
}

const wordsWithEnds = (text: string): Word[] =>
  [...text.matchAll(word)].map(({ 0: found, index }) => {
    const end = index + found.length;
    const closes = ending.test(text.slice(end, end + 8)) && !/^[.,:]\d/.test(text.slice(end, end + 2));
    return { text: found.toLowerCase(), end, closes };
  });

/** How many words of `claim` from `at` on are those with which `sentence` begins, up to the end of a clause of one and the other. */
function runOf(claim: Word[], at: number, sentence: Word[]): number {
  let run = 0;
  for (let i = 0; i < sentence.length; i++) {
    const [own, other] = [claim[at + i], sentence[i]];
    if (own?.text !== other?.text) break;
    if (own?.closes || other?.closes) run = i + 1;
  }
  return run;
}

/**
 * Up to where a claim repeats sentences of a text word for word, each from its beginning, with no more than a word (“and”) between them.
 * What is said there is said of the same things: nothing was put together anew.
 */
export function repeatedUntil(claim: string, sentences: Iterable<string>): number {
  const said = wordsWithEnds(claim);
  const theirs = [...sentences].map(wordsWithEnds);
  let [until, at] = [0, 0];
  for (;;) {
    const longest = (from: number) => theirs.reduce((most, sentence) => Math.max(most, runOf(said, from, sentence)), 0);
    const [next, behind] = [longest(at), at > 0 ? longest(at + 1) : 0];
    const run = Math.max(next, behind);
    if (run < fewest) return until;
    at += run + (behind > next ? 1 : 0);
    until = said[at - 1]?.end ?? until;
  }
}
