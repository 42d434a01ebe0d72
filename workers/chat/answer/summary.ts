/** What the older part of a conversation comes down to. */
export interface Summary {
  text: string;
  throughMessageId: string;
}

/** The messages behind the summary, oldest first; all of them, and no summary, where it belongs to another branch. */
export function behindSummary<M extends { id: string }>(
  history: M[],
  summary: Summary | null,
): { summary: Summary | null; rest: M[] } {
  const from = summary ? history.findIndex(({ id }) => id === summary.throughMessageId) + 1 : 0;
  return { summary: from > 0 ? summary : null, rest: history.slice(from) };
}
