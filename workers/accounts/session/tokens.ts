import { and, eq, gt, isNull, sql } from "drizzle-orm";
import type { AuditStatements } from "../../audit/record.ts";
import type { Database } from "../../db/client.ts";
import { refreshTokens, sessions, users } from "../../db/schema/accounts.ts";
import type { Clock } from "../../platform/clock.ts";
import { newSecret, secretHash } from "../secret-hash.ts";

/** Seconds for which an access token counts, unless its session ends before. */
export const accessLifetime = 60 * 60;
/** Seconds for which a session lasts after it was last refreshed, and a refresh token counts. */
export const sessionLifetime = 30 * 24 * 60 * 60;

/** Milliseconds. */
const answerWithin = 10_000;

/** Access tokens begin so: they are told from API keys, visitors' tokens and cookies by it. */
export const accessPrefix = "usa_";
const refreshPrefix = "usr_";

/** What a program that signed in holds: one token to call with, one to get the next two. */
export interface TokenPair {
  access: string;
  refresh: string;
}

const accessHash = (token: string) => secretHash("access", token);
const refreshHash = (token: string) => secretHash("refresh", token);

function newPair(now: number) {
  const pair: TokenPair = { access: accessPrefix + newSecret(), refresh: refreshPrefix + newSecret() };
  const row = {
    hash: refreshHash(pair.refresh),
    accessHash: accessHash(pair.access),
    accessExpiresAt: now + accessLifetime * 1000,
    expiresAt: now + sessionLifetime * 1000,
    createdAt: now,
  };
  return { pair, row };
}

/** The first tokens of a session, and what is told of it. `now` in ms. */
export async function issueTokens(
  db: Database,
  sessionId: string,
  now: number,
  audit: AuditStatements,
): Promise<TokenPair> {
  const { pair, row } = newPair(now);
  await db.batch([db.insert(refreshTokens).values({ ...row, sessionId }), ...audit]);
  return pair;
}

/** The living session of an access token with its person: one row, or none. `now` in ms. */
export function selectAccessToken(db: Database, token: string, now: number) {
  return db
    .select({
      // Named apart from the person's: the rows of a batch come by their columns' names.
      session: {
        id: sql<string>`${sessions.id}`.as("session_id"),
        createdAt: sql`${sessions.createdAt}`.mapWith(sessions.createdAt).as("session_created_at"),
        lastUsedAt: sessions.lastUsedAt,
      },
      user: users,
    })
    .from(refreshTokens)
    .innerJoin(sessions, eq(sessions.id, refreshTokens.sessionId))
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(
      and(
        eq(refreshTokens.accessHash, accessHash(token)),
        gt(refreshTokens.accessExpiresAt, now),
        gt(sessions.expiresAt, new Date(now)),
      ),
    );
}

/** An expression for the id of whose access token this is, whether or not it still counts. */
export const holderOfAccessToken = (token: string) =>
  sql`(SELECT s.user_id FROM ${refreshTokens} r JOIN ${sessions} s ON s.id = r.session_id WHERE r.access_hash = ${accessHash(token)})`;

export type Refreshed =
  | { outcome: "refreshed"; tokens: TokenPair; sessionId: string }
  /** No such token, or its session has ended. */
  | { outcome: "unknown" }
  /** Another call used it, and had no answer yet when this one began: a program in a race with itself, not a thief. */
  | { outcome: "raced" }
  /** Its successor had been handed out before this call began: somebody has a copy. The session has been ended. */
  | { outcome: "reused"; sessionId: string };

/**
 * Uses a refresh token: it is taken once, whatever runs in parallel, and its successor belongs to the same session, which lives on.
 * `arrivedAt` (ms) is when the call came in; `auditReuse` tells of a session that ends as its token came back.
 */
export async function refreshTokenPair(
  db: Database,
  token: string,
  arrivedAt: number,
  clock: Clock,
  auditReuse: (userId: string) => Promise<AuditStatements>,
): Promise<Refreshed> {
  const hash = refreshHash(token);
  const found = await find(db, hash, arrivedAt);
  if (!found) return { outcome: "unknown" };
  const now = clock.now();
  if (found.usedAt === null) {
    const { pair, row } = newPair(now);
    const isMine = sql`EXISTS (SELECT 1 FROM ${refreshTokens} WHERE hash = ${hash} AND successor_hash = ${row.hash})`;
    const [taken] = await db.batch([
      db
        .update(refreshTokens)
        .set({ usedAt: now, successorHash: row.hash })
        .where(and(eq(refreshTokens.hash, hash), isNull(refreshTokens.usedAt)))
        .returning({ hash: refreshTokens.hash }),
      // All columns in their order: it is neither used nor followed yet.
      db
        .insert(refreshTokens)
        .select(
          sql`SELECT ${row.hash}, ${found.sessionId}, ${row.accessHash}, ${row.accessExpiresAt}, NULL, NULL, NULL, ${row.expiresAt}, ${now} WHERE ${isMine}`,
        ),
      db
        .update(sessions)
        .set({ expiresAt: new Date(row.expiresAt), updatedAt: new Date(now), lastUsedAt: now })
        .where(and(eq(sessions.id, found.sessionId), isMine)),
    ]);
    if (taken.length > 0) {
      await db.update(refreshTokens).set({ answeredAt: clock.now() }).where(eq(refreshTokens.hash, hash));
      return { outcome: "refreshed", tokens: pair, sessionId: found.sessionId };
    }
  }
  const used = found.usedAt === null ? await find(db, hash, arrivedAt) : found;
  if (!used) return { outcome: "unknown" };
  // Whoever used it and never answered has crashed.
  if (arrivedAt < (used.answeredAt ?? (used.usedAt ?? 0) + answerWithin)) return { outcome: "raced" };
  await db.batch([db.delete(sessions).where(eq(sessions.id, found.sessionId)), ...(await auditReuse(found.userId))]);
  return { outcome: "reused", sessionId: found.sessionId };
}

async function find(db: Database, hash: string, now: number) {
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
      and(
        eq(refreshTokens.hash, hash),
        gt(refreshTokens.expiresAt, now),
        gt(sessions.expiresAt, new Date(now)),
        isNull(users.suspendedAt),
      ),
    );
  return rows[0];
}
