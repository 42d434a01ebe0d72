import type { RateLimit } from "./rate-limits.ts";

/** What is known of one kind of a subject's requests: those of the current window, and of the one before. */
export interface Counted {
  /** Number of the window since 1970. */
  window: number;
  current: number;
  previous: number;
}

export interface Verdict {
  allowed: boolean;
  /** Requests that are left now. */
  remaining: number;
  /** Seconds until there is room again; where there is, until the window ends. */
  resetSeconds: number;
  /** Whether this is the first that is refused since the window began. */
  isFirstRefusal?: boolean;
}

/**
 * Counts a request at `now` (ms), or refuses it. The window slides: of the window before counts as large a share as still lies
 * within one length of it, so that nobody gets twice the limit around a boundary. What is refused is not counted.
 */
export function countRequest(
  before: Counted | undefined,
  { limit, seconds }: RateLimit,
  now: number,
): { counted: Counted; verdict: Verdict } {
  const length = seconds * 1_000;
  const window = Math.floor(now / length);
  const passed = (now % length) / length;
  const known = before ?? { window, current: 0, previous: 0 };
  const counted: Counted =
    known.window >= window
      ? { ...known, window }
      : { window, current: 0, previous: known.window === window - 1 ? known.current : 0 };
  const used = counted.current + counted.previous * (1 - passed);
  if (used + 1 > limit) {
    return {
      counted,
      verdict: { allowed: false, remaining: 0, resetSeconds: Math.max(1, waitFor(counted, limit, passed, seconds)) },
    };
  }
  const remaining = Math.floor(limit - used - 1);
  const resetSeconds = Math.max(1, Math.ceil((1 - passed) * seconds));
  return { counted: { ...counted, current: counted.current + 1 }, verdict: { allowed: true, remaining, resetSeconds } };
}

/** Seconds until one more request fits. */
function waitFor({ current, previous }: Counted, limit: number, passed: number, seconds: number): number {
  // In this window, as the one before slides out; else in the next, as this one does.
  const inThis = previous > 0 ? 1 - (limit - 1 - current) / previous : 1;
  if (current + 1 <= limit && inThis <= 1) return Math.ceil((inThis - passed) * seconds);
  const inNext = current > limit - 1 ? 1 - (limit - 1) / current : 0;
  return Math.ceil((1 - passed + inNext) * seconds);
}
