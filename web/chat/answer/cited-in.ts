import type { Citation } from "../../../workers/chat/contract.ts";

/** The citations that a text really refers to, in the order of their numbers. */
export function citedIn(text: string, citations: readonly Citation[]): Citation[] {
  const used = new Set([...text.matchAll(/\[(\d{1,3})\]/g)].map((match) => Number(match[1])));
  return citations.filter(({ index }) => used.has(index)).sort((a, b) => a.index - b.index);
}
