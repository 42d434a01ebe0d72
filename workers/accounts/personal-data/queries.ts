import { and, desc, eq, inArray, isNull, ne, type SQL, sql } from "drizzle-orm";
import type { Statement } from "../../db/batch.ts";
import type { Database } from "../../db/client.ts";
import { accounts, apiKeys, outboxMails, passkeys, sessions, users, verifications } from "../../db/schema/accounts.ts";
import type { Erased } from "../../platform/rooms/personal-data.ts";

/** Who a person is at other providers that they sign in by. */
export function listLinks(db: Database, userId: string) {
  return db
    .select({ provider: accounts.providerId, id: accounts.accountId, createdAt: accounts.createdAt })
    .from(accounts)
    .where(and(eq(accounts.userId, userId), ne(accounts.providerId, "credential")));
}

/** A person's keys in all workspaces, or all of a workspace, also those that ended; without what opens anything. */
export function listAllKeys(db: Database, whose: { userId: string } | { workspaceId: string }) {
  const { id, workspaceId, userId, name, preview, scopes, expiresAt, lastUsedAt, revokedAt, createdAt } = apiKeys;
  return db
    .select({ id, workspaceId, userId, name, preview, scopes, expiresAt, lastUsedAt, revokedAt, createdAt })
    .from(apiKeys)
    .where("userId" in whose ? eq(userId, whose.userId) : eq(workspaceId, whose.workspaceId))
    .orderBy(desc(apiKeys.createdAt));
}

/** Keys of the person or of the workspaces. */
export function keysHeld({ userId, listed }: Erased): SQL {
  const theirs = userId === null ? sql`` : sql`user_id = ${userId} OR `;
  return sql`SELECT id FROM ${apiKeys} WHERE ${theirs}workspace_id IN ${listed("workspace")}`;
}

export const sessionsHeld = (userId: string): SQL => sql`SELECT id FROM ${sessions} WHERE user_id = ${userId}`;

export const endKeys = (db: Database, { listed }: Erased, now: number): Statement =>
  db
    .update(apiKeys)
    .set({ revokedAt: now })
    .where(and(sql`${apiKeys.id} IN ${listed("key")}`, isNull(apiKeys.revokedAt)));

/** Leaves nothing by which a person signs in, and suspends them. */
export const shutOut = (db: Database, userId: string, isNoted: SQL, now: number): Statement[] => [
  db.delete(sessions).where(and(eq(sessions.userId, userId), isNoted)),
  db.delete(passkeys).where(and(eq(passkeys.userId, userId), isNoted)),
  db
    .update(accounts)
    .set({ password: null })
    .where(and(eq(accounts.userId, userId), isNoted)),
  db
    .update(users)
    .set({ suspendedAt: now })
    .where(and(eq(users.id, userId), isNoted)),
];

export const removeKeys = (db: Database, { listed }: Erased, isFree: SQL): Statement =>
  db.delete(apiKeys).where(and(sql`${apiKeys.workspaceId} IN ${listed("workspace")}`, isFree));

/** Removes a person with all ways to sign in, and their address wherever else it stands. */
export function removePerson(db: Database, userId: string, isFree: SQL): Statement[] {
  const address = db.select({ email: users.email }).from(users).where(eq(users.id, userId));
  return [
    db.delete(outboxMails).where(inArray(outboxMails.recipient, address)),
    db.delete(verifications).where(inArray(verifications.identifier, address)),
    db.delete(users).where(and(eq(users.id, userId), isFree)),
  ];
}
