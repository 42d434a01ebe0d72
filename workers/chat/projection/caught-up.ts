import type { Runtime } from "../../platform/runtime.ts";

/** What writes all conversations' rows: one for the installation, as D1 has one writer. */
export const projectionObject = ({ env }: Pick<Runtime, "env">) =>
  env.PROJECTION.get(env.PROJECTION.idFromName("installation"));

/**
 * Resolves when D1 has what conversations have handed over so far. Who lists, searches or takes out right after an answer waits for this, and
 * reads what they wrote.
 */
export async function caughtUp(runtime: Pick<Runtime, "env">): Promise<void> {
  const wait = () => projectionObject(runtime).caughtUp();
  // An object that dies under the call is there again for the next: what it had is handed over to it once more.
  await wait().catch(wait);
}
