import { and, eq, gt, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { providerKeys } from "../db/schema/secrets.ts";
import type { SecretColumn } from "../platform/secrets/secret-box.ts";

export type ProviderKeyRow = typeof providerKeys.$inferSelect;

/** The row of a workspace's key, to which its box is bound. */
export const rowOf = (workspaceId: string, provider: string) => `${workspaceId}/${provider}`;

export function listProviderKeys(db: Database, workspaceId: string): Promise<ProviderKeyRow[]> {
  return db.select().from(providerKeys).where(eq(providerKeys.workspaceId, workspaceId)).orderBy(providerKeys.provider);
}

/** The box of a workspace's key, found by its row: what says it is another workspace's is not taken. */
export async function findBox(db: Database, workspaceId: string, provider: string): Promise<string | undefined> {
  const rows = await db
    .select({ box: providerKeys.box })
    .from(providerKeys)
    .where(and(eq(providerKeys.id, rowOf(workspaceId, provider)), eq(providerKeys.workspaceId, workspaceId)));
  return rows[0]?.box;
}

/** Puts a key there, in the place of the one before. */
export function upsertProviderKey(db: Database, row: ProviderKeyRow) {
  const { box, ending, createdBy, createdAt } = row;
  return db
    .insert(providerKeys)
    .values(row)
    .onConflictDoUpdate({ target: providerKeys.id, set: { box, ending, createdBy, createdAt } })
    .returning();
}

export function removeProviderKey(db: Database, workspaceId: string, provider: string) {
  return db
    .delete(providerKeys)
    .where(and(eq(providerKeys.id, rowOf(workspaceId, provider)), eq(providerKeys.workspaceId, workspaceId)))
    .returning({ id: providerKeys.id });
}

/** The column of boxes, for the rotation of master keys. */
export const providerKeyColumn = (db: Database): SecretColumn => ({
  table: "provider_keys",
  column: "box",
  list: (prefix, after, limit) =>
    db
      .select({ row: providerKeys.id, box: providerKeys.box })
      .from(providerKeys)
      .where(and(gt(providerKeys.id, after), sql`substr(${providerKeys.box}, 1, ${prefix.length}) <> ${prefix}`))
      .orderBy(providerKeys.id)
      .limit(limit),
  async replace(row, from, to) {
    await db
      .update(providerKeys)
      .set({ box: to })
      .where(and(eq(providerKeys.id, row), eq(providerKeys.box, from)));
  },
});
