/** The characters of a document that an answer cites: from `start`, up to but without `end`. */
export interface CitedRange {
  start: number;
  end: number;
}

/** The range that a reader's address names, or null where it names none. */
export function citedRange(search: URLSearchParams): CitedRange | null {
  const [start, end] = [search.get("start"), search.get("end")].map((value) => (value ? Number(value) : Number.NaN));
  return start !== undefined && end !== undefined && start >= 0 && end > start ? { start, end } : null;
}

/** A part's text cut at the edges of the cited range: what comes before, what is cited, what comes after. */
export function cutAtCitation(text: string, offset: number, cited: CitedRange | null): [string, string, string] {
  if (!cited) return [text, "", ""];
  const from = Math.min(Math.max(cited.start - offset, 0), text.length);
  const to = Math.min(Math.max(cited.end - offset, 0), text.length);
  return from < to ? [text.slice(0, from), text.slice(from, to), text.slice(to)] : [text, "", ""];
}
