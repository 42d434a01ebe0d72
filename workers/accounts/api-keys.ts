import { createHash, randomBytes } from "node:crypto";
import { inBackground } from "../platform/background.ts";
import type { Relying } from "../platform/changes/relying.ts";
import { Remembered } from "../platform/changes/remembered.ts";
import type { Scope } from "../platform/contract.ts";
import { refusedField } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import type { Runtime } from "../platform/runtime.ts";
import { type ApiKeyRow, findApiKey, findLivingKey, touchApiKey } from "./api-key-queries.ts";

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

type KeptKey = Pick<ApiKeyRow, "id" | "userId" | "workspaceId" | "expiresAt">;

/** What changes with a key, or ends it: people's keys end with their place in a workspace, and with the workspace. */
const subjectsOf = ({ id, userId, workspaceId }: KeptKey) => [
  `key:${id}`,
  `user:${userId}`,
  `workspace:${workspaceId}`,
];

/** By their hashes. */
const opened = new Remembered<ApiKeyRow>(subjectsOf);
/** By their ids: those that something open goes on with. */
const living = new Remembered<KeptKey>(subjectsOf);

const isOver = ({ expiresAt }: KeptKey, now: number) => expiresAt !== null && expiresAt <= now;

/** The living key that `key` is, or undefined, by what is remembered where that is to be relied on. */
export async function readApiKey(runtime: Runtime, key: string, relying: Relying): Promise<ApiKeyRow | undefined> {
  const { db, clock } = runtime;
  const [now, hash] = [clock.now(), hashOf(key)];
  const recalled = relying.recall(opened, hash, now);
  const row = recalled ?? (await findApiKey(db, hash));
  if (!row || isOver(row, now)) return undefined;
  if (row !== recalled) opened.set(hash, row, now);
  // What the key asks does not wait for it.
  if (now - (row.lastUsedAt ?? 0) > touchEvery) {
    row.lastUsedAt = now;
    inBackground(runtime, touchApiKey(db, row.id, now));
  }
  return row;
}

/** Whether a key, by its id, was neither ended nor has expired, by what is remembered where that is to be relied on. */
export async function isLivingKey({ db, clock }: Runtime, id: string, relying: Relying): Promise<boolean> {
  const now = clock.now();
  const recalled = relying.recall(living, id, now);
  const row = recalled ?? (await findLivingKey(db, id, now));
  if (!row || isOver(row, now)) return false;
  if (row !== recalled) living.set(id, row, now);
  return true;
}
