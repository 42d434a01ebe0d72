import { oneLine } from "./refusal.ts";

/** How long a run may keep the next ones waiting. */
const limitMs = 5 * 60_000;

/**
 * A cron whose runs do not overlap: while one is at work the next are left out. One that hangs does so for a while only, and one
 * that throws is told of and forgotten.
 */
export function oneAtATime(
  run: (cron: string) => Promise<void>,
  say: (line: string) => void,
  now: () => number = () => performance.now(),
): (cron: string) => Promise<void> {
  let running: { since: number } | null = null;
  return async (cron) => {
    if (running && now() - running.since < limitMs) return;
    if (running) say(`A run of the cron has not ended in ${limitMs / 60_000} minutes; the next begins without it.`);
    const mine = { since: now() };
    running = mine;
    try {
      await run(cron);
    } catch (error) {
      say(`The cron failed: ${oneLine(error)}`);
    } finally {
      if (running === mine) running = null;
    }
  };
}
