import { createHmac } from "node:crypto";
import { and, eq, gt, sql } from "drizzle-orm";
import { base64url } from "jose";
import type { Database } from "../db/client.ts";
import type { auditEvents } from "../db/schema/audit.ts";
import { auditHeads } from "../db/schema/audit.ts";
import type { Runtime } from "../platform/runtime.ts";
import { openSecret, type SecretColumn, type SecretPlace, sealSecret } from "../platform/secrets/secret-box.ts";

export type AuditRow = typeof auditEvents.$inferSelect;

const keyBytes = 32;
const mostKept = 5_000;
const kept = new Map<string, Uint8Array>();

const placeOf = (workspaceId: string): SecretPlace => ({ table: "audit_heads", row: workspaceId, column: "key" });

/** The key of a workspace's log, which is made with the log's head at the first event. Throws `SecretBoxError`. */
export async function logKey({ config, db }: Runtime, workspaceId: string): Promise<Uint8Array> {
  const known = kept.get(workspaceId);
  if (known) return known;
  const find = () => db.select({ key: auditHeads.key }).from(auditHeads).where(eq(auditHeads.workspaceId, workspaceId));
  let [head] = await find();
  if (!head) {
    const fresh = base64url.encode(crypto.getRandomValues(new Uint8Array(keyBytes)));
    const key = await sealSecret(config, placeOf(workspaceId), fresh);
    await db.insert(auditHeads).values({ workspaceId, key }).onConflictDoNothing();
    [head] = await find();
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

/** The column of logs' keys, for the rotation of master keys. */
export const auditKeyColumn = (db: Database): SecretColumn => ({
  table: "audit_heads",
  column: "key",
  list: (prefix, after, limit) =>
    db
      .select({ row: auditHeads.workspaceId, box: auditHeads.key })
      .from(auditHeads)
      .where(and(gt(auditHeads.workspaceId, after), sql`substr(${auditHeads.key}, 1, ${prefix.length}) <> ${prefix}`))
      .orderBy(auditHeads.workspaceId)
      .limit(limit),
  async replace(row, from, to) {
    await db
      .update(auditHeads)
      .set({ key: to })
      .where(and(eq(auditHeads.workspaceId, row), eq(auditHeads.key, from)));
  },
});
