import { sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { conversations } from "../db/schema/chat.ts";

/** Deletes conversations with their messages, whosever they are. */
export async function removeForGood(db: Database, ids: string[]): Promise<void> {
  await db
    .delete(conversations)
    .where(sql`${conversations.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`);
}
