import { and, asc, eq, gt, type SQL, sql } from "drizzle-orm";
import type { Statement } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { rowsFromJson } from "../db/rows-from-json.ts";
import { usageEvents } from "../db/schema/metering.ts";
import type { Erased } from "../platform/rooms/personal-data.ts";

const page = 500;

/** What was used, a row a turn. */
export async function* eachUsage(db: Database, workspaceId: string) {
  let after = "";
  for (;;) {
    const rows = await db
      .select()
      .from(usageEvents)
      .where(and(eq(usageEvents.workspaceId, workspaceId), gt(usageEvents.turnId, after)))
      .orderBy(asc(usageEvents.turnId))
      .limit(page);
    yield* rows;
    after = rows.at(-1)?.turnId ?? after;
    if (rows.length < page) return;
  }
}

export const removeUsage = (db: Database, { listed }: Erased, isFree: SQL): Statement =>
  db.delete(usageEvents).where(and(sql`${usageEvents.workspaceId} IN ${listed("workspace")}`, isFree));

/** What one turn took of a model, and on whose account. */
export type UsageEvent = typeof usageEvents.$inferSelect;

/** The statements that record what turns used: once each, however often that is repeated, for an event is keyed by its turn. */
export const insertUsage = (db: Database, events: readonly UsageEvent[]): Statement[] =>
  rowsFromJson(usageEvents, events).map((rows) =>
    db.insert(usageEvents).select(sql`${rows} WHERE true`).onConflictDoNothing(),
  );
