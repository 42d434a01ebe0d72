import { and, asc, count, eq, isNotNull, lt, ne, or, sql } from "drizzle-orm";
import type { AuditStatements } from "../audit/record.ts";
import type { Database } from "../db/client.ts";
import { accounts, passkeys, sessions, users } from "../db/schema/accounts.ts";

export type PasskeyRow = typeof passkeys.$inferSelect;

/** As many as one person has. */
export const mostPasskeys = 20;

/** A person's passkeys, oldest first. */
export function listPasskeyRows(db: Database, userId: string): Promise<PasskeyRow[]> {
  return db
    .select()
    .from(passkeys)
    .where(eq(passkeys.userId, userId))
    .orderBy(asc(passkeys.createdAt), asc(passkeys.id));
}

/** A passkey by what its authenticator calls it, with its person. */
export async function passkeyByCredential(db: Database, credentialId: string) {
  const rows = await db
    .select({ passkey: passkeys, user: users })
    .from(passkeys)
    .innerJoin(users, eq(passkeys.userId, users.id))
    .where(eq(passkeys.credentialId, credentialId));
  return rows[0];
}

/**
 * Stores a passkey, while the session that adds it goes on: one that was ended elsewhere leaves nothing behind. False where it has
 * ended, where the person has as many as they may, or where somebody has this passkey already.
 */
export async function insertPasskey(
  db: Database,
  row: PasskeyRow,
  { sessionId, now, audit }: { sessionId: string; now: number; audit: AuditStatements },
): Promise<boolean> {
  const own = db.select({ own: count() }).from(passkeys).where(eq(passkeys.userId, row.userId));
  const living = sql`EXISTS (SELECT 1 FROM ${sessions} WHERE id = ${sessionId} AND user_id = ${row.userId} AND expires_at > ${now})`;
  // In the order of the table's columns.
  const values = [
    row.id,
    row.userId,
    row.name,
    row.credentialId,
    row.publicKey,
    row.counter,
    row.deviceType,
    row.backedUp ? 1 : 0,
    JSON.stringify(row.transports),
    row.aaguid,
    row.createdAt,
    null,
  ].map((value) => sql`${value}`);
  const [made] = await db.batch([
    db
      .insert(passkeys)
      .select(sql`SELECT ${sql.join(values, sql`, `)} WHERE ${living} AND (${own}) < ${mostPasskeys}`)
      .onConflictDoNothing()
      .returning({ id: passkeys.id }),
    ...audit,
  ]);
  return made.length > 0;
}

/** Takes note that a passkey was used. False where its count did not go on: then there is a copy of it. */
export async function takeCount(
  db: Database,
  id: string,
  { counter, backedUp }: Pick<PasskeyRow, "counter" | "backedUp">,
  now: number,
): Promise<boolean> {
  const goesOn = counter === 0 ? eq(passkeys.counter, 0) : lt(passkeys.counter, counter);
  const used = await db
    .update(passkeys)
    .set({ counter, backedUp, lastUsedAt: now })
    .where(and(eq(passkeys.id, id), goesOn))
    .returning({ id: passkeys.id });
  return used.length > 0;
}

/** Whose it is stands in each call: a foreign passkey is as if it did not exist. */
interface Which {
  id: string;
  userId: string;
}
const mine = ({ id, userId }: Which) => and(eq(passkeys.id, id), eq(passkeys.userId, userId));

export async function findPasskey(db: Database, which: Which): Promise<PasskeyRow | undefined> {
  const rows = await db.select().from(passkeys).where(mine(which));
  return rows[0];
}

export async function storePasskeyName(
  db: Database,
  which: Which,
  name: string,
  audit: AuditStatements,
): Promise<PasskeyRow | undefined> {
  const [renamed] = await db.batch([db.update(passkeys).set({ name }).where(mine(which)).returning(), ...audit]);
  return renamed[0];
}

/** Removes a passkey, unless it is the last way into the account. Whether it did. */
export async function deletePasskey(db: Database, which: Which, audit: AuditStatements): Promise<boolean> {
  const { id, userId } = which;
  const otherAccount = db
    .select({ one: sql`1` })
    .from(accounts)
    .where(and(eq(accounts.userId, userId), or(ne(accounts.providerId, "credential"), isNotNull(accounts.password))));
  const otherPasskey = sql`SELECT 1 FROM ${passkeys} AS other WHERE other.user_id = ${userId} AND other.id <> ${id}`;
  const [removed] = await db.batch([
    db
      .delete(passkeys)
      .where(and(mine(which), sql`(EXISTS (${otherAccount.getSQL()}) OR EXISTS (${otherPasskey}))`))
      .returning({ id: passkeys.id }),
    ...audit,
  ]);
  return removed.length > 0;
}

/** What removes all of a person's passkeys, to stand in a batch. */
export const deletePasskeys = (db: Database, userId: string) => db.delete(passkeys).where(eq(passkeys.userId, userId));
