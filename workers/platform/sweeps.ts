import type { Runtime } from "./runtime.ts";

/**
 * Runs the jobs of a cron one after the other, each by itself: one that fails is logged, and keeps none of those behind it from running.
 * Returns the names of those that failed.
 */
export async function runEach(
  { log }: Pick<Runtime, "log">,
  jobs: Record<string, () => Promise<unknown>>,
): Promise<string[]> {
  const failed: string[] = [];
  for (const [name, job] of Object.entries(jobs)) {
    try {
      await job();
    } catch (error) {
      failed.push(name);
      log.error("sweep_failed", error, { sweep: name });
    }
  }
  if (failed.length > 0) log.info("sweeps_ended", { failed: failed.length, of: Object.keys(jobs).length });
  return failed;
}
