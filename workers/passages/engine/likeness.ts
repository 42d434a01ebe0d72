import type { Neighbourhood } from "./vectors/vector-store.ts";

/** How like the question passages are, 0 to 1: 0 is what is usual in this index, 1 the same. */
export interface Likeness {
  /** The passages that are likest, best first. */
  nearest: number[];
  /** Null for a passage that was not compared. */
  of(id: number): number | null;
}

/** What a search by vector found, on that scale. */
export function likenessOf(found: Neighbourhood): Likeness {
  const aboveMean = (similarity: number) => Math.max(0, Math.min(1, (similarity - found.mean) / (1 - found.mean)));
  return {
    nearest: found.nearest.filter(({ similarity }) => similarity > 0).map(({ id }) => id),
    of: (id) => {
      const similarity = found.similarityOf(id);
      return similarity === null ? null : aboveMean(similarity);
    },
  };
}

/** The likeness of passages to a question that has been put to several embedders: of each by that of which it has a vector. */
export const likenessByOne = (all: Likeness[]): Likeness | null =>
  all.length < 2
    ? (all[0] ?? null)
    : {
        nearest: all.flatMap(({ nearest }) => nearest),
        of: (id) => all.reduce((known: number | null, each) => known ?? each.of(id), null),
      };

/** How many of the nearest come from the first of two kinds: what the second is blind to, and time to compare. */
const fromFirst = 40;

/** Two kinds of likeness as one, of which the second has `share`. */
export function blend(first: Likeness, second: Likeness, share: number): Likeness {
  const mix = (a: number, b: number) => (1 - share) * a + share * b;
  return {
    nearest: [...second.nearest, ...first.nearest.slice(0, fromFirst)],
    of: (id) => {
      const [a, b] = [first.of(id), second.of(id)];
      return a === null || b === null ? (a ?? b) : mix(a, b);
    },
  };
}
