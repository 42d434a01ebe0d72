import { createHmac } from "node:crypto";
import { base64url } from "jose";
import type { Runtime } from "../platform/runtime.ts";
import { openSecret, type SecretPlace, sealSecret } from "../platform/secrets/secret-box.ts";
import { type AuditRow, findHead, insertHead } from "./chain-queries.ts";

const keyBytes = 32;
const mostKept = 5_000;
const kept = new Map<string, Uint8Array>();

const placeOf = (workspaceId: string): SecretPlace => ({ table: "audit_heads", row: workspaceId, column: "key" });

/** The key of a workspace's log, which is made with the log's head at the first event. Throws `SecretBoxError`. */
export async function logKey({ config, db }: Runtime, workspaceId: string): Promise<Uint8Array> {
  const known = kept.get(workspaceId);
  if (known) return known;
  let head = await findHead(db, workspaceId);
  if (!head) {
    const fresh = base64url.encode(crypto.getRandomValues(new Uint8Array(keyBytes)));
    await insertHead(db, workspaceId, await sealSecret(config, placeOf(workspaceId), fresh));
    head = await findHead(db, workspaceId);
  }
  if (!head) throw new Error("The audit log has no head.");
  const key = base64url.decode(await openSecret(config, placeOf(workspaceId), head.key));
  if (kept.size >= mostKept) kept.clear();
  kept.set(workspaceId, key);
  return key;
}

const hmac = (key: Uint8Array, parts: unknown[]) =>
  createHmac("sha256", key).update(JSON.stringify(parts)).digest("base64url");

/** What tells whether an event is as it was written. */
export const macOf = (key: Uint8Array, row: Omit<AuditRow, "seq" | "mac" | "hash">): string =>
  hmac(key, [
    "event",
    row.id,
    row.workspaceId,
    row.at,
    row.actorKind,
    row.actorId,
    row.keyId,
    row.action,
    row.resourceKind,
    row.resourceId,
    row.address,
    row.agent,
    row.requestId,
    row.details,
  ]);

/** The chain's hash at an event, from the hash before it. */
export const chainHash = (key: Uint8Array, before: string, { seq, mac }: Pick<AuditRow, "seq" | "mac">): string =>
  hmac(key, ["chain", before, seq, mac]);
