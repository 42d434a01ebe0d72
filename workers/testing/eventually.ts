import { vi } from "vitest";

/**
 * Looks until what was looked for is there, and throws what `look` threw last where it does not come: for what happens behind an answer,
 * of which nothing tells. The limit only says when to give up; no test is about it.
 */
export const eventually = <T>(look: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(look, { timeout: 120_000, interval: 15 });
