import { and, desc, eq, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { consents, users } from "../db/schema/accounts.ts";
import { newId } from "../platform/ids.ts";

export type ConsentRow = typeof consents.$inferSelect;
/** What somebody agreed to, and from where. */
export type NewConsent = Pick<ConsentRow, "version" | "termsUrl" | "privacyUrl" | "address" | "agent">;

/** Notes that a person agreed at `now` (ms), where there is one; a version is noted once. */
export const insertConsent = (db: Database, userId: string, consent: NewConsent, now: number) =>
  db
    .insert(consents)
    // All columns in their order.
    .select(
      sql`SELECT ${newId("consent")}, ${userId}, ${consent.version}, ${consent.termsUrl}, ${consent.privacyUrl},
        ${consent.address}, ${consent.agent}, ${now} WHERE EXISTS (SELECT 1 FROM ${users} WHERE id = ${userId})`,
    )
    .onConflictDoNothing()
    .returning();

/** What a person agreed to, newest first. */
export function listConsents(db: Database, userId: string): Promise<ConsentRow[]> {
  return db
    .select()
    .from(consents)
    .where(eq(consents.userId, userId))
    .orderBy(desc(consents.createdAt), desc(consents.id));
}

export async function findConsent(db: Database, userId: string, version: string): Promise<ConsentRow | undefined> {
  const rows = await db
    .select()
    .from(consents)
    .where(and(eq(consents.userId, userId), eq(consents.version, version)));
  return rows[0];
}
