import { createHash, randomBytes } from "node:crypto";
import { and, desc, eq, isNull } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { apiKeys } from "../db/schema/accounts.ts";
import { inBackground } from "../platform/background.ts";
import type { Scope } from "../platform/contract.ts";
import { Problem } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import type { Runtime } from "../platform/runtime.ts";

/** Every key begins so: secret scanners find it, and it is never taken for a session. */
export const keyPrefix = "usk_";

/** How often the time of a key's last use is written, in ms. */
const touchEvery = 60_000;

export type ApiKeyRow = typeof apiKeys.$inferSelect;

const hashOf = (key: string) => createHash("sha256").update(key).digest("hex");

interface NewKey {
  userId: string;
  workspaceId: string;
  name: string;
  scopes: Scope[];
  /** Milliseconds, or null for a key without an end. */
  expiresAt: number | null;
}

/** Makes a key. `key` is given out here only; what is kept is its hash. Throws `validation_failed` for an end in the past. */
export function newApiKey(input: NewKey, now: number): { row: ApiKeyRow; key: string } {
  if (input.expiresAt !== null && input.expiresAt <= now) {
    const message = "“expires_at” must be in the future.";
    throw new Problem("validation_failed", message, { errors: [{ path: "expires_at", message }] });
  }
  const key = keyPrefix + randomBytes(32).toString("base64url");
  const row: ApiKeyRow = {
    ...input,
    id: newId("key"),
    hash: hashOf(key),
    preview: key.slice(0, 10),
    lastUsedAt: null,
    revokedAt: null,
    createdAt: now,
  };
  return { row, key };
}

export function insertApiKey(db: Database, row: ApiKeyRow) {
  return db.insert(apiKeys).values(row);
}

/** The living key that `key` is, or undefined. */
export async function readApiKey(runtime: Runtime, key: string): Promise<ApiKeyRow | undefined> {
  const { db, clock } = runtime;
  const now = clock.now();
  const rows = await db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.hash, hashOf(key)), isNull(apiKeys.revokedAt)));
  const row = rows[0];
  if (!row || (row.expiresAt !== null && row.expiresAt <= now)) return undefined;
  if (now - (row.lastUsedAt ?? 0) > touchEvery) {
    // What the key asks does not wait for it.
    inBackground(runtime, db.update(apiKeys).set({ lastUsedAt: now }).where(eq(apiKeys.id, row.id)));
  }
  return row;
}

/** Whether a key, by its id, was neither ended nor has expired. `now` in milliseconds. */
export async function isLivingKey(db: Database, id: string, now: number): Promise<boolean> {
  const rows = await db
    .select({ expiresAt: apiKeys.expiresAt })
    .from(apiKeys)
    .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)));
  return rows.some(({ expiresAt }) => expiresAt === null || expiresAt > now);
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
export function revokeApiKey(db: Database, userId: string, id: string, now: number) {
  return db
    .update(apiKeys)
    .set({ revokedAt: now })
    .where(and(eq(apiKeys.id, id), eq(apiKeys.userId, userId), isNull(apiKeys.revokedAt)))
    .returning({ id: apiKeys.id });
}

/** Ends all of a person's keys, in every workspace. */
export function revokeApiKeys(db: Database, userId: string, now: number) {
  return db
    .update(apiKeys)
    .set({ revokedAt: now })
    .where(and(eq(apiKeys.userId, userId), isNull(apiKeys.revokedAt)));
}
