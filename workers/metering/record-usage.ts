import { batch } from "../db/batch.ts";
import { inBackground } from "../platform/background.ts";
import { newId } from "../platform/ids.ts";
import type { Runtime } from "../platform/runtime.ts";
import { insertUsage, type UsageEvent } from "./queries.ts";
import { usageEvent } from "./usage-event.ts";

/** What waits to be written, of all that this process does. */
let waiting: UsageEvent[] = [];
/** Since when somebody writes, in ms; one who has written for so long was ended by the platform. */
let writingSince: number | null = null;
const longestWrite = 30_000;

/** Writes what waits, and what comes meanwhile, many events in one statement. */
async function writeAll(runtime: Runtime): Promise<void> {
  while (waiting.length > 0) {
    writingSince = Date.now();
    const events = waiting;
    waiting = [];
    await batch(runtime.db, insertUsage(runtime.db, events)).catch((error) =>
      runtime.log.error("usage_not_recorded", error, { events }),
    );
  }
  writingSince = null;
}

/** Resolves when D1 has what turns have handed over so far, and what this process has recorded beside them. */
export async function writtenSoFar(runtime: Runtime): Promise<void> {
  const { PROJECTION } = runtime.env;
  const turns = () => PROJECTION.get(PROJECTION.idFromName("installation")).caughtUp();
  // An object that dies under the call is there again for the next.
  await Promise.all([turns().catch(turns), writeAll(runtime)]);
}

/** Records a call of a model, but for an answer's, which its turn records, and returns it. Nobody waits for it; what cannot be written is in the log, whole. */
export function recordUsage(
  runtime: Runtime,
  ...[charged, called, taken, end]: Parameters<typeof usageEventOf>
): UsageEvent {
  const event = usageEventOf(charged, called, taken, end);
  waiting.push(event);
  if (writingSince === null || Date.now() - writingSince > longestWrite) inBackground(runtime, writeAll(runtime));
  return event;
}

const usageEventOf = (...call: Parameters<typeof usageEvent> extends [string, ...infer Rest] ? Rest : never) =>
  usageEvent(newId("usage"), ...call);
