import type { Database } from "../db/client.ts";
import { usageEvents } from "../db/schema/metering.ts";

/** What one turn took of a model, and on whose account. */
export type UsageEvent = typeof usageEvents.$inferInsert;

/** Records what a turn used, alone or in a batch: once, however often that is repeated, for an event is keyed by its turn. */
export function insertUsage(db: Database, event: UsageEvent) {
  return db.insert(usageEvents).values(event).onConflictDoNothing();
}
