import { remembering } from "./remembering.ts";

const words = (text: string) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []);

interface Span {
  start: number;
  end: number;
}

function sentencesOf(text: string): Span[] {
  const spans: Span[] = [];
  for (const { index, segment } of new Intl.Segmenter(undefined, { granularity: "sentence" }).segment(text)) {
    const trimmed = segment.trim();
    if (trimmed.length > 1) {
      const start = index + segment.indexOf(trimmed);
      spans.push({ start, end: start + trimmed.length });
    }
  }
  return spans;
}

/** The sentences of the passages that were quoted last, with their words. */
const remembered = remembering(50, (text) => {
  const spans = sentencesOf(text);
  return { spans, words: spans.map(({ start, end }) => words(text.slice(start, end))) };
});

/**
 * The part of a passage to quote for `hint` (the question and the answer's words): the sentence that shares most with it and its
 * neighbours, up to `limit` characters. A span of `text`, so that `text.slice(start, end)` is the quote.
 */
export function quoteSpan(text: string, hint: string, limit = 480): Span {
  if (text.length <= limit) return { start: 0, end: text.length };
  const wanted = words(hint);
  const { spans, words: said } = remembered(text);
  const scores = said.map((sentence) => [...sentence].filter((word) => wanted.has(word)).length);
  const best = scores.reduce((most, score) => Math.max(most, score), 0);
  let from = Math.max(0, scores.indexOf(best));
  let to = from;
  const length = () => (spans[to]?.end ?? 0) - (spans[from]?.start ?? 0);
  for (;;) {
    const [before, after] = [spans[from - 1], spans[to + 1]];
    const grow = length();
    if (after && grow + (after.end - after.start) + 1 <= limit) to++;
    else if (before && grow + (before.end - before.start) + 1 <= limit) from--;
    else break;
  }
  const start = spans[from]?.start ?? 0;
  return { start, end: Math.min(spans[to]?.end ?? text.length, start + limit) };
}
