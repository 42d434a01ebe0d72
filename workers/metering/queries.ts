import { and, asc, eq, gt, type SQL, sql } from "drizzle-orm";
import type { Statement } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { rowsFromJson } from "../db/rows-from-json.ts";
import { usageEvents } from "../db/schema/metering.ts";
import { newId } from "../platform/ids.ts";
import type { Erased } from "../platform/rooms/personal-data.ts";

const page = 500;

/** What was used, a row a call. */
export async function* eachUsage(db: Database, workspaceId: string) {
  let after = "";
  for (;;) {
    const rows = await db
      .select()
      .from(usageEvents)
      .where(and(eq(usageEvents.workspaceId, workspaceId), gt(usageEvents.id, after)))
      .orderBy(asc(usageEvents.id))
      .limit(page);
    yield* rows;
    after = rows.at(-1)?.id ?? after;
    if (rows.length < page) return;
  }
}

export const removeUsage = (db: Database, { listed }: Erased, isFree: SQL): Statement =>
  db.delete(usageEvents).where(and(sql`${usageEvents.workspaceId} IN ${listed("workspace")}`, isFree));

/** What one call took of a model, and on whose account. Nothing changes it: there are statements that add some, and those that erase a workspace's. */
export type UsageEvent = typeof usageEvents.$inferSelect;

/** An event as a conversation's outbox may hold it still, of an older version: of a turn, with what was counted then. */
const upToDate = (event: UsageEvent): UsageEvent =>
  event.id
    ? event
    : { ...event, id: event.turnId ?? newId("usage"), ...beforeLanes, provider: event.model.split("/", 1)[0] ?? "" };

const beforeLanes = { purpose: "answer", estimated: true } as const;

/** The statements that record what calls took: once each, however often that is repeated. */
export const insertUsage = (db: Database, events: readonly UsageEvent[]): Statement[] =>
  rowsFromJson(usageEvents, events.map(upToDate)).map((rows) =>
    db.insert(usageEvents).select(sql`${rows} WHERE true`).onConflictDoNothing(),
  );
