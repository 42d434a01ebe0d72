/** At most one write of text in this time, in ms. */
export const flushEveryMs = 50;

/** How long text that has just come may wait before it is stored and shown: not at all unless another flush was just made. */
export function flushDelay(lastFlushAt: number | null, now: number): number {
  if (lastFlushAt === null) return 0;
  return Math.max(0, lastFlushAt + flushEveryMs - now);
}
