import type { Runtime } from "../runtime.ts";
import type { Relied } from "./changes-object.ts";
import { forgetHere } from "./remembered.ts";

const changesObject = ({ env }: Pick<Runtime, "env">) => env.CHANGES.get(env.CHANGES.idFromName("installation"));

/**
 * Whether nothing that is relied on has changed since it was read: one call to an object, and none to the database. Where nobody can say, which is
 * logged, it does not count as holding: the database is asked then.
 */
export async function stillHolds(runtime: Pick<Runtime, "env" | "log">, relied: readonly Relied[]): Promise<boolean> {
  if (relied.length === 0) return true;
  return changesObject(runtime)
    .holds(relied)
    .catch((error) => {
      runtime.log.error("changes_not_asked", error);
      return false;
    });
}

/**
 * Tells all processes that subjects have changed, after that was stored. Where it fails, what they remember goes by itself within a minute:
 * the change stands, so it is logged and not thrown.
 */
export async function tellChanged(runtime: Pick<Runtime, "env" | "log">, subjects: readonly string[]): Promise<void> {
  await changesObject(runtime)
    .note(subjects)
    .catch((error) => runtime.log.error("change_not_told", error));
}

/** Has what is remembered of subjects forgotten, in this process at once and in all others within seconds: after their change was stored. */
export async function forgetEverywhere(
  runtime: Pick<Runtime, "env" | "log">,
  subjects: readonly string[],
): Promise<void> {
  forgetHere(subjects);
  await tellChanged(runtime, subjects);
}
