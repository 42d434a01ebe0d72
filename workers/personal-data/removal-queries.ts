import { and, eq, inArray, isNull, or, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { apiKeys, outboxMails, users, verifications } from "../db/schema/accounts.ts";
import { auditEvents, auditHeads } from "../db/schema/audit.ts";
import { conversations } from "../db/schema/chat.ts";
import { clones } from "../db/schema/clones.ts";
import { erasureItems } from "../db/schema/erasures.ts";
import { documents } from "../db/schema/knowledge.ts";
import { usageEvents } from "../db/schema/metering.ts";
import { invitations, workspaces } from "../db/schema/workspaces.ts";
import { type ErasureRow, itemsOf } from "./erasure-queries.ts";

/** Conversations that an erasure has still to remove. */
export async function conversationsLeft(
  db: Database,
  { id, userId, workspaceId }: ErasureRow,
  limit: number,
): Promise<string[]> {
  const inside = sql`${conversations.workspaceId} IN ${itemsOf(id, "workspace")}`;
  const rows = await db
    .select({ id: conversations.id })
    .from(conversations)
    .where(workspaceId === null ? or(eq(conversations.userId, userId), inside) : inside)
    .limit(limit);
  return rows.map((row) => row.id);
}

/** Clones that an erasure has still to remove. */
export async function clonesLeft(db: Database, { id }: ErasureRow, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: clones.id })
    .from(clones)
    .where(sql`${clones.workspaceId} IN ${itemsOf(id, "workspace")}`)
    .limit(limit);
  return rows.map((row) => row.id);
}

/** Documents that the person alone sees, in workspaces that stay. */
export function privateDocumentsLeft(db: Database, { id, userId }: ErasureRow, limit: number) {
  const { cloneId, storageKey } = documents;
  return db
    .select({ documentId: documents.id, cloneId, storageKey })
    .from(documents)
    .where(
      and(
        eq(documents.createdBy, userId),
        eq(documents.access, "me"),
        sql`${documents.workspaceId} NOT IN ${itemsOf(id, "workspace")}`,
      ),
    )
    .limit(limit);
}

export async function removeDocumentRow(db: Database, id: string): Promise<void> {
  await db.delete(documents).where(eq(documents.id, id));
}

/** Conversations whose objects are not emptied yet. */
export async function objectsLeft(db: Database, { id }: ErasureRow, limit: number): Promise<string[]> {
  const { erasureId, kind, itemId, erasedAt } = erasureItems;
  const rows = await db
    .select({ id: itemId })
    .from(erasureItems)
    .where(and(eq(erasureId, id), eq(kind, "conversation"), isNull(erasedAt)))
    .limit(limit);
  return rows.map((row) => row.id);
}

export async function noteEmptied(db: Database, erasureId: string, ids: string[], now: number): Promise<void> {
  await db
    .update(erasureItems)
    .set({ erasedAt: now })
    .where(
      and(
        eq(erasureItems.erasureId, erasureId),
        eq(erasureItems.kind, "conversation"),
        sql`${erasureItems.itemId} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`,
      ),
    );
}

/** The ids of the workspaces that go. */
export async function workspacesOfErasure(db: Database, { id }: ErasureRow): Promise<string[]> {
  const rows = await db
    .select({ id: erasureItems.itemId })
    .from(erasureItems)
    .where(and(eq(erasureItems.erasureId, id), eq(erasureItems.kind, "workspace")));
  return rows.map((row) => row.id);
}

/**
 * Removes what is left of the workspaces that go: their logs, what they used, and their rows, with all that hangs on these. Whoever made
 * something in them meanwhile has it removed first: false where there was something.
 */
export async function removeWorkspaces(db: Database, { id }: ErasureRow): Promise<boolean> {
  const inside = itemsOf(id, "workspace");
  const isEmpty = sql`NOT EXISTS (SELECT 1 FROM ${conversations} WHERE workspace_id IN ${inside})
    AND NOT EXISTS (SELECT 1 FROM ${clones} WHERE workspace_id IN ${inside})`;
  await db.batch([
    db.delete(usageEvents).where(and(sql`${usageEvents.workspaceId} IN ${inside}`, isEmpty)),
    db.delete(auditEvents).where(and(sql`${auditEvents.workspaceId} IN ${inside}`, isEmpty)),
    db.delete(auditHeads).where(and(sql`${auditHeads.workspaceId} IN ${inside}`, isEmpty)),
    db.delete(apiKeys).where(and(sql`${apiKeys.workspaceId} IN ${inside}`, isEmpty)),
    db.delete(workspaces).where(and(sql`${workspaces.id} IN ${inside}`, isEmpty)),
  ]);
  const [left] = await db
    .select({ id: workspaces.id })
    .from(workspaces)
    .where(sql`${workspaces.id} IN ${inside}`)
    .limit(1);
  return left === undefined;
}

/** Removes the person, with all ways to sign in, and their address wherever else it stands. */
export async function removePerson(db: Database, { userId }: ErasureRow): Promise<void> {
  const address = db.select({ email: users.email }).from(users).where(eq(users.id, userId));
  await db.batch([
    db.delete(invitations).where(inArray(invitations.email, address)),
    db.delete(outboxMails).where(inArray(outboxMails.recipient, address)),
    db.delete(verifications).where(inArray(verifications.identifier, address)),
    // Never with a workspace of theirs, which would take its clones along without their files.
    db
      .delete(users)
      .where(and(eq(users.id, userId), sql`NOT EXISTS (SELECT 1 FROM ${workspaces} WHERE personal_of = ${userId})`)),
  ]);
}
