import type { Candidate } from "./candidates.ts";
import type { Question } from "./question.ts";

/** More entries than this are a document of their own. */
const mostEntries = 12;
const isEntry = ({ kind }: Candidate) => kind === "item" || kind === "row";

/** “Understudy reads five formats: PDF, DOCX and HTML.” */
const enumeration = /:\s*\S.*(?:,| and | und | et | y )|\b(?:are|include|includes|including|such as|like)\b[^.]*,/;

/** Whether a sentence tells which are the things of a name, given as a stem. */
export function enumerates({ text, kind, matched }: Candidate, noun: string | null): boolean {
  return noun !== null && kind === "sentence" && matched.has(noun) && enumeration.test(text);
}

/**
 * The lists and tables that tell the things asked for by “which” and “what are”: runs of entries whose announcement, heading or first
 * column is called so. An announcement comes along.
 */
export function listsOf(candidates: readonly Candidate[], { listed }: Question): Candidate[][] {
  const lists: Candidate[][] = [];
  if (listed === null) return lists;
  for (let at = 0; at < candidates.length; at++) {
    const first = candidates[at];
    if (!first || !isEntry(first)) continue;
    const run: Candidate[] = [];
    for (let next = candidates[at]; next && isEntry(next) && next.group === first.group; next = candidates[++at])
      if (next.whole && next.isOfMarks) run.push(next);
    const lead = candidates[at - run.length - 1];
    const isLead = lead?.group === first.group && lead.kind === "sentence" && lead.text.endsWith(":");
    const names = [
      isLead && lead.matched.has(listed),
      first.titled.has(listed),
      first.row?.cells[0] && first.matched.has(listed) && !first.stems.has(listed),
    ];
    if (run.length < 2 || !names.some(Boolean)) continue;
    lists.push([...(isLead && lead.whole ? [lead] : []), ...run.slice(0, mostEntries)]);
  }
  return lists;
}
