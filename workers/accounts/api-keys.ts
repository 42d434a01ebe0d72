import { createHash, randomBytes } from "node:crypto";
import { inBackground } from "../platform/background.ts";
import type { Scope } from "../platform/contract.ts";
import { refusedField } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import type { Runtime } from "../platform/runtime.ts";
import { type ApiKeyRow, findApiKey, touchApiKey } from "./api-key-queries.ts";

/** Every key begins so: secret scanners find it, and it is never taken for a session. */
export const keyPrefix = "usk_";

/** How often the time of a key's last use is written, in ms. */
const touchEvery = 60_000;

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
  if (input.expiresAt !== null && input.expiresAt <= now)
    throw refusedField("expires_at", "“expires_at” must be in the future.");
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

/** The living key that `key` is, or undefined. */
export async function readApiKey(runtime: Runtime, key: string): Promise<ApiKeyRow | undefined> {
  const { db, clock } = runtime;
  const now = clock.now();
  const row = await findApiKey(db, hashOf(key));
  if (!row || (row.expiresAt !== null && row.expiresAt <= now)) return undefined;
  // What the key asks does not wait for it.
  if (now - (row.lastUsedAt ?? 0) > touchEvery) inBackground(runtime, touchApiKey(db, row.id, now));
  return row;
}
