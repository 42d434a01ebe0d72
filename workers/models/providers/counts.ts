/** A count as a provider sent it: what is none is unknown, and no nought. */
export const countOf = (value: unknown): number | undefined =>
  Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined;

/** A count with others, of which those that are unknown add nothing; unknown where it is itself. */
export function withCounts(first: unknown, ...others: unknown[]): number | undefined {
  const known = countOf(first);
  return known === undefined ? undefined : others.reduce<number>((sum, each) => sum + (countOf(each) ?? 0), known);
}

/** A count without a part of it; unknown where it is itself. */
export function withoutCount(whole: unknown, part: unknown): number | undefined {
  const known = countOf(whole);
  return known === undefined ? undefined : Math.max(0, known - (countOf(part) ?? 0));
}
