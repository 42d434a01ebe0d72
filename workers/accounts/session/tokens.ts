import type { AuditStatements } from "../../audit/record.ts";
import type { Database } from "../../db/client.ts";
import type { Clock } from "../../platform/clock.ts";
import { newSecret, secretHash } from "../secrets.ts";
import { deleteSession } from "./session-queries.ts";
import {
  findRefreshToken,
  holderOfAccess,
  type NewTokenRow,
  noteAnswered,
  replaceRefreshToken,
  selectSessionOfAccess,
} from "./token-queries.ts";

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

/** Two new tokens, and what is stored of them. `now` in ms. */
export function newPair(now: number): { pair: TokenPair; row: NewTokenRow } {
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

/** The living session of an access token with its person: one row, or none. `now` in ms. */
export const selectAccessToken = (db: Database, token: string, now: number) =>
  selectSessionOfAccess(db, accessHash(token), now);

/** An expression for the id of whose access token this is, whether or not it still counts. */
export const holderOfAccessToken = (token: string) => holderOfAccess(accessHash(token));

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
  const found = await findRefreshToken(db, hash, arrivedAt);
  if (!found) return { outcome: "unknown" };
  const { sessionId, userId } = found;
  const now = clock.now();
  if (found.usedAt === null) {
    const { pair, row } = newPair(now);
    if (await replaceRefreshToken(db, { hash, sessionId }, row, now)) {
      await noteAnswered(db, hash, clock.now());
      return { outcome: "refreshed", tokens: pair, sessionId };
    }
  }
  const used = found.usedAt === null ? await findRefreshToken(db, hash, arrivedAt) : found;
  if (!used) return { outcome: "unknown" };
  // Whoever used it and never answered has crashed.
  if (arrivedAt < (used.answeredAt ?? (used.usedAt ?? 0) + answerWithin)) return { outcome: "raced" };
  await deleteSession(db, { id: sessionId, userId }, await auditReuse(userId));
  return { outcome: "reused", sessionId };
}
