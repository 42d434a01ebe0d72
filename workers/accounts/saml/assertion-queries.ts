import { lt } from "drizzle-orm";
import type { Database } from "../../db/client.ts";
import { samlAssertions } from "../../db/schema/accounts.ts";

/** Takes note of an assertion by the hash of its ID. False where it was known before. */
export async function insertAssertion(db: Database, row: typeof samlAssertions.$inferInsert): Promise<boolean> {
  const taken = await db
    .insert(samlAssertions)
    .values(row)
    .onConflictDoNothing()
    .returning({ hash: samlAssertions.hash });
  return taken.length > 0;
}

/** What removes assertions that are over at `now` (ms), to stand in a batch. */
export const deleteExpiredAssertions = (db: Database, now: number) =>
  db.delete(samlAssertions).where(lt(samlAssertions.expiresAt, now));
