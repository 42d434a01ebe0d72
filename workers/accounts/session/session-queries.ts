import { and, desc, eq, gt, lt, ne, sql } from "drizzle-orm";
import type { AuditStatements } from "../../audit/record.ts";
import type { Database } from "../../db/client.ts";
import { sessions, users } from "../../db/schema/accounts.ts";

export type SessionRow = typeof sessions.$inferSelect;

/** What of a session is read with its person: named apart from the person's, as the rows of a batch come by their columns' names. */
export const ofSession = {
  id: sql<string>`${sessions.id}`.as("session_id"),
  createdAt: sql`${sessions.createdAt}`.mapWith(sessions.createdAt).as("session_created_at"),
  expiresAt: sessions.expiresAt,
  lastUsedAt: sessions.lastUsedAt,
};

/** That a session is not over at `now`, in ms. */
export const isLiving = (now: number) => gt(sessions.expiresAt, new Date(now));

/** The living session with a token, its person, and until when it counts, in ms: one row, or none. `now` in ms. */
export function selectSession(db: Database, token: string, now: number) {
  return db
    .select({ session: ofSession, user: users, until: sql<number>`${sessions.expiresAt}`.as("until") })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.token, token), isLiving(now)));
}

/** An expression for the id of whose session has this token, whether or not it still counts. */
export const holderOfSession = (token: string) => sql`(SELECT user_id FROM ${sessions} WHERE token = ${token})`;

/** When a person's session ends, in ms, if it goes on at `now`. */
export async function endOfSession(
  db: Database,
  { id, userId }: { id: string; userId: string },
  now: number,
): Promise<number | undefined> {
  const rows = await db
    .select({ expiresAt: sessions.expiresAt })
    .from(sessions)
    .where(and(eq(sessions.id, id), eq(sessions.userId, userId), isLiving(now)));
  return rows[0]?.expiresAt.getTime();
}

/** A person's living sessions, `first` first, then by their last use. `now` in ms. */
export function selectSessions(
  db: Database,
  userId: string,
  { first, most }: { first: string; most: number },
  now: number,
): Promise<SessionRow[]> {
  return db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, userId), isLiving(now)))
    .orderBy(desc(eq(sessions.id, first)), desc(sessions.lastUsedAt), desc(sessions.createdAt))
    .limit(most);
}

/** What stores a session, to stand in a batch. */
export const insertSession = (db: Database, row: Omit<SessionRow, "lastUsedAt">) => db.insert(sessions).values(row);

/** Takes note that a session is used at `now` (ms), and lets it last until `expiresAt` (ms) where that is given. */
export const touchSession = (db: Database, id: string, now: number, expiresAt?: number) =>
  db
    .update(sessions)
    .set({
      lastUsedAt: now,
      ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt), updatedAt: new Date(now) }),
    })
    .where(eq(sessions.id, id));

/** Ends one of a person's sessions. Whether there was one. */
export async function deleteSession(
  db: Database,
  { id, userId }: { id: string; userId: string },
  audit: AuditStatements,
): Promise<boolean> {
  const [ended] = await db.batch([
    db
      .delete(sessions)
      .where(and(eq(sessions.id, id), eq(sessions.userId, userId)))
      .returning({ id: sessions.id }),
    ...audit,
  ]);
  return ended.length > 0;
}

/** Ends a person's sessions, all or all but one. */
export async function deleteSessions(
  db: Database,
  userId: string,
  audit: AuditStatements,
  except?: string,
): Promise<void> {
  const mine = eq(sessions.userId, userId);
  await db.batch([
    db.delete(sessions).where(except === undefined ? mine : and(mine, ne(sessions.id, except))),
    ...audit,
  ]);
}

/** What removes sessions that are over at `now` (ms), to stand in a batch. */
export const deleteExpiredSessions = (db: Database, now: number) =>
  db.delete(sessions).where(lt(sessions.expiresAt, new Date(now)));
