/** At most one write of text in this time, in ms. */
const shortestMs = 50;
/** However many answers are written, none waits longer, in ms. */
const longestMs = 250;
/**
 * What one thread stores of all answers together, in flushes a second: each takes it three times what a token takes that has come, in the commit and on
 * its way to the reader, and it has as much to do besides.
 */
const mostPerSecond = 400;
/**
 * How much longer an answer's words wait for each ms that timers are late on average. A new question waits its turn on the thread a dozen
 * times before its first word is there, and those who read hardly notice: what they give up is worth more to it.
 */
const givenUp = 2;
/** A flush may come this much before its time; the next one waits so much longer. Spares a timer for each of a steady stream's tokens. */
const earlyMs = 10;

/**
 * How far apart the flushes of one answer are, in ms, while `writing` answers are written on this thread: a commit to disk costs more
 * than all else that a token does, and two hundred answers would make four thousand a second, which none of them would get. Where timers
 * are `lateMs` late on average all the same, the machine is slower than that, and they give way.
 */
export function flushEvery(writing: number, lateMs: number): number {
  const share = (writing / mostPerSecond) * 1_000;
  return Math.min(longestMs, Math.max(shortestMs, share + givenUp * lateMs));
}

/** How long text that has just come may wait before it is stored and shown: not at all where no flush was made lately. */
export function flushDelay(dueAt: number | null, now: number): number {
  return dueAt === null || dueAt - now <= earlyMs ? 0 : dueAt - now;
}

/** When the next flush is due, after one at `now` that was due at `dueAt`. */
export function dueAfter(dueAt: number | null, now: number, every: number): number {
  return Math.max(dueAt ?? now, now) + every;
}

/** From so many answers on, a provider's stream is read in one go right before a flush. */
const manyWriting = 30;
/** So much before a flush, in ms, what has come is read. */
const readAheadMs = 15;

/** For how long nothing needs to be read while text waits for the flush at `dueAt`, in ms. */
export function restBefore(dueAt: number | null, now: number, writing: number): number {
  return dueAt === null || writing < manyWriting ? 0 : Math.max(0, dueAt - readAheadMs - now);
}
