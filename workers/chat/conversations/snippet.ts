export interface Snippet {
  text: string;
  /** What was found, as offsets into `text`. */
  matches: { start: number; end: number }[];
}

/** A snippet whose found parts stand between the two marks; white space comes out as single spaces. */
export function readMarkedSnippet(marked: string, [open, close]: [string, string]): Snippet {
  const matches: Snippet["matches"] = [];
  let text = "";
  for (const [i, part] of marked.split(open).entries()) {
    const [found, rest] = i === 0 ? ["", part] : (part.split(close) as [string, string?]);
    const start = text.length;
    text += found;
    if (found) matches.push({ start, end: text.length });
    text += (rest ?? "").replace(/\s+/g, " ");
  }
  return { text, matches };
}

/** The part of `content` around the first of `wanted`, with every place of them in it. */
export function snippetAround(content: string, wanted: string[], before = 60, length = 200): Snippet {
  const lower = content.toLowerCase();
  const places = wanted.map((piece) => lower.indexOf(piece.toLowerCase())).filter((at) => at >= 0);
  const from = Math.max(0, Math.min(...places, content.length) - before);
  const cut = content
    .slice(from, from + length)
    .toWellFormed()
    .replace(/\s/g, " ");
  const text = `${from > 0 ? "…" : ""}${cut}${from + length < content.length ? "…" : ""}`;
  const matches = wanted.flatMap((piece) => {
    const start = text.toLowerCase().indexOf(piece.toLowerCase());
    return start < 0 ? [] : [{ start, end: start + piece.length }];
  });
  return { text, matches: matches.sort((a, b) => a.start - b.start) };
}
