import { and, eq, gt, isNull, lt, sql } from "drizzle-orm";
import type { Database } from "../../db/client.ts";
import { refreshTokens, sessions, users } from "../../db/schema/accounts.ts";
import { isLiving, ofSession } from "./session-queries.ts";

/** A pair of tokens as it is stored: neither used nor followed yet. */
export type NewTokenRow = Omit<
  typeof refreshTokens.$inferSelect,
  "sessionId" | "successorHash" | "usedAt" | "answeredAt"
>;

/** What stores the first tokens of a session, to stand in a batch. */
export const insertTokens = (db: Database, row: NewTokenRow & { sessionId: string }) =>
  db.insert(refreshTokens).values(row);

/** The living session of an access token, by its hash, with its person, and until when the token counts, in ms: one row, or none. `now` in ms. */
export function selectSessionOfAccess(db: Database, accessHash: string, now: number) {
  const until = sql<number>`min(${refreshTokens.accessExpiresAt}, ${sessions.expiresAt})`.as("until");
  return db
    .select({ session: ofSession, user: users, until })
    .from(refreshTokens)
    .innerJoin(sessions, eq(sessions.id, refreshTokens.sessionId))
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(refreshTokens.accessHash, accessHash), gt(refreshTokens.accessExpiresAt, now), isLiving(now)));
}

/** An expression for the id of whose access token has this hash, whether or not it still counts. */
export const holderOfAccess = (accessHash: string) =>
  sql`(SELECT s.user_id FROM ${refreshTokens} r JOIN ${sessions} s ON s.id = r.session_id WHERE r.access_hash = ${accessHash})`;

/** A refresh token by its hash, used or not, while it and its session would count. `now` in ms. */
export async function findRefreshToken(db: Database, hash: string, now: number) {
  const rows = await db
    .select({
      sessionId: refreshTokens.sessionId,
      userId: sessions.userId,
      usedAt: refreshTokens.usedAt,
      answeredAt: refreshTokens.answeredAt,
    })
    .from(refreshTokens)
    .innerJoin(sessions, eq(sessions.id, refreshTokens.sessionId))
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(
      and(eq(refreshTokens.hash, hash), gt(refreshTokens.expiresAt, now), isLiving(now), isNull(users.suspendedAt)),
    );
  return rows[0];
}

/** Uses a refresh token: stores its successor, and lets the session go on for as long. False where it was used before. `now` in ms. */
export async function replaceRefreshToken(
  db: Database,
  { hash, sessionId }: { hash: string; sessionId: string },
  next: NewTokenRow,
  now: number,
): Promise<boolean> {
  const isMine = sql`EXISTS (SELECT 1 FROM ${refreshTokens} WHERE hash = ${hash} AND successor_hash = ${next.hash})`;
  const [taken] = await db.batch([
    db
      .update(refreshTokens)
      .set({ usedAt: now, successorHash: next.hash })
      .where(and(eq(refreshTokens.hash, hash), isNull(refreshTokens.usedAt)))
      .returning({ hash: refreshTokens.hash }),
    // All columns in their order: it is neither used nor followed yet.
    db
      .insert(refreshTokens)
      .select(
        sql`SELECT ${next.hash}, ${sessionId}, ${next.accessHash}, ${next.accessExpiresAt}, NULL, NULL, NULL, ${next.expiresAt}, ${now} WHERE ${isMine}`,
      ),
    db
      .update(sessions)
      .set({ expiresAt: new Date(next.expiresAt), updatedAt: new Date(now), lastUsedAt: now })
      .where(and(eq(sessions.id, sessionId), isMine)),
  ]);
  return taken.length > 0;
}

/** Takes note that a refresh token's successor was handed out at `now` (ms). */
export async function noteAnswered(db: Database, hash: string, now: number): Promise<void> {
  await db.update(refreshTokens).set({ answeredAt: now }).where(eq(refreshTokens.hash, hash));
}

/** What removes refresh tokens that are over at `now` (ms), to stand in a batch. */
export const deleteExpiredTokens = (db: Database, now: number) =>
  db.delete(refreshTokens).where(lt(refreshTokens.expiresAt, now));
