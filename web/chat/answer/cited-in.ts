import type { Citation } from "../../../workers/chat/contract.ts";
import { markersIn } from "../../../workers/markdown/citation-brackets.ts";

/** The citations that a text really refers to, in the order of their numbers. */
export function citedIn(text: string, citations: readonly Citation[]): Citation[] {
  const used = new Set(markersIn(text).map(({ number }) => number));
  return citations.filter(({ index }) => used.has(index)).sort((a, b) => a.index - b.index);
}
