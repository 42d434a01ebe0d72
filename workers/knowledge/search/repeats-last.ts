import type { IndexHit } from "../../passages/clone-index.ts";

/** Share of all their words that two passages have both, from which on the second says nothing new. */
const same = 0.9;

const hasNumber = /\p{N}/u;

interface Saying {
  words: Set<string>;
  /** Passages that differ in a number say different things, however alike they are. */
  numbers: string;
}

function sayingOf({ text }: IndexHit): Saying {
  const words = new Set(text.toLowerCase().split(/[\s,;:.!?()"“”]+/));
  words.delete("");
  return {
    words,
    numbers: hasNumber.test(text)
      ? [...words]
          .filter((word) => hasNumber.test(word))
          .sort()
          .join(" ")
      : "",
  };
}

function saysTheSame(a: Saying, b: Saying): boolean {
  if (a.numbers !== b.numbers) return false;
  const [fewer, more] = a.words.size < b.words.size ? [a.words, b.words] : [b.words, a.words];
  if (fewer.size < same * more.size) return false;
  let both = 0;
  for (const word of fewer) if (more.has(word)) both++;
  return both >= same * (a.words.size + b.words.size - both);
}

/**
 * The first `wanted` passages, with those that only repeat a better one behind all others: a text that was uploaded five times leaves
 * room for what else there is. Nothing is left out that there is room for, and scores still never rise.
 */
export function repeatsLast(hits: IndexHit[], wanted: number): IndexHit[] {
  const said: Saying[] = [];
  const kept: IndexHit[] = [];
  const repeats: IndexHit[] = [];
  for (const hit of hits) {
    if (kept.length === wanted) return kept;
    const saying = sayingOf(hit);
    if (said.some((before) => saysTheSame(before, saying))) {
      repeats.push(hit);
      continue;
    }
    said.push(saying);
    kept.push(hit);
  }
  const least = kept.at(-1)?.score ?? 1;
  return [...kept, ...repeats.map((hit) => ({ ...hit, score: Math.min(hit.score, least) }))].slice(0, wanted);
}
