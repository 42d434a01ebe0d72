import { and, desc, eq, gt, isNull, or } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { apiKeys } from "../db/schema/accounts.ts";

export type ApiKeyRow = typeof apiKeys.$inferSelect;

/** What stores a key, to stand in a batch. */
export function insertApiKey(db: Database, row: ApiKeyRow) {
  return db.insert(apiKeys).values(row);
}

/** A key that was not ended, by its hash; it may have expired. */
export async function findApiKey(db: Database, hash: string): Promise<ApiKeyRow | undefined> {
  const rows = await db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.hash, hash), isNull(apiKeys.revokedAt)));
  return rows[0];
}

/** Takes note that a key is used at `now`, in ms. */
export const touchApiKey = (db: Database, id: string, now: number) =>
  db.update(apiKeys).set({ lastUsedAt: now }).where(eq(apiKeys.id, id));

/** A key that was neither ended nor has expired at `now` (ms), by its id, as far as it is about what it opens. */
export async function findLivingKey(
  db: Database,
  id: string,
  now: number,
): Promise<Pick<ApiKeyRow, "id" | "userId" | "workspaceId" | "expiresAt"> | undefined> {
  const { userId, workspaceId, expiresAt } = apiKeys;
  const rows = await db
    .select({ id: apiKeys.id, userId, workspaceId, expiresAt })
    .from(apiKeys)
    .where(
      and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt), or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now))),
    );
  return rows[0];
}

/** A person's living keys in one workspace, newest first. */
export function listApiKeys(db: Database, userId: string, workspaceId: string): Promise<ApiKeyRow[]> {
  return db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.userId, userId), eq(apiKeys.workspaceId, workspaceId), isNull(apiKeys.revokedAt)))
    .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id));
}

/** Ends a key of a person at once: returns its id, or none where it is not theirs, or was ended before. */
export function revokeApiKey(
  db: Database,
  { id, userId, workspaceId }: Pick<ApiKeyRow, "id" | "userId" | "workspaceId">,
  now: number,
) {
  return db
    .update(apiKeys)
    .set({ revokedAt: now })
    .where(
      and(
        eq(apiKeys.id, id),
        eq(apiKeys.userId, userId),
        eq(apiKeys.workspaceId, workspaceId),
        isNull(apiKeys.revokedAt),
      ),
    )
    .returning({ id: apiKeys.id });
}

/** Ends all of a person's keys, in every workspace. */
export function revokeApiKeys(db: Database, userId: string, now: number) {
  return db
    .update(apiKeys)
    .set({ revokedAt: now })
    .where(and(eq(apiKeys.userId, userId), isNull(apiKeys.revokedAt)));
}
