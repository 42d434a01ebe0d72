import { and, eq, gt, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { providerKeys, workspaceKeys } from "../db/schema/secrets.ts";
import type { SecretColumn } from "../platform/secrets/secret-box.ts";
import { tenantBoxes } from "../platform/secrets/tenant-box.ts";

export type ProviderKeyRow = typeof providerKeys.$inferSelect;

/** The row of a workspace's key, to which its box is bound. */
export const rowOf = (workspaceId: string, provider: string) => `${workspaceId}/${provider}`;

export function listProviderKeys(db: Database, workspaceId: string): Promise<ProviderKeyRow[]> {
  return db.select().from(providerKeys).where(eq(providerKeys.workspaceId, workspaceId)).orderBy(providerKeys.provider);
}

/** What a workspace has brought, each with the box of the workspace's key, found by its rows: what says it is another workspace's is not taken. */
export function findOwn(db: Database, workspaceId: string): Promise<{ row: ProviderKeyRow; keyBox: string | null }[]> {
  return db
    .select({ row: providerKeys, keyBox: workspaceKeys.box })
    .from(providerKeys)
    .leftJoin(workspaceKeys, eq(workspaceKeys.id, providerKeys.workspaceId))
    .where(
      and(
        eq(providerKeys.workspaceId, workspaceId),
        eq(providerKeys.id, sql`${workspaceId} || '/' || ${providerKeys.provider}`),
      ),
    )
    .orderBy(providerKeys.provider);
}

/** The box of a workspace's key: `box`, where it had none. */
export async function keepWorkspaceKey(db: Database, id: string, box: string): Promise<string> {
  await db.insert(workspaceKeys).values({ id, box }).onConflictDoNothing();
  const rows = await db.select({ box: workspaceKeys.box }).from(workspaceKeys).where(eq(workspaceKeys.id, id));
  return rows[0]?.box ?? box;
}

/** Puts a key there, in the place of the one before. */
export function upsertProviderKey(db: Database, row: ProviderKeyRow) {
  const { id: _id, workspaceId: _workspace, provider: _provider, ...changes } = row;
  return db.insert(providerKeys).values(row).onConflictDoUpdate({ target: providerKeys.id, set: changes }).returning();
}

export function removeProviderKey(db: Database, workspaceId: string, provider: string) {
  return db
    .delete(providerKeys)
    .where(and(eq(providerKeys.id, rowOf(workspaceId, provider)), eq(providerKeys.workspaceId, workspaceId)))
    .returning({ id: providerKeys.id });
}

type Boxed = typeof providerKeys | typeof workspaceKeys;

/** A column of boxes under master keys, for the rotation of these; what is under a workspace's key stays as it is. */
const column =
  (table: "provider_keys" | "workspace_keys", of: Boxed) =>
  (db: Database): SecretColumn => ({
    table,
    column: "box",
    list: (prefix, after, limit) =>
      db
        .select({ row: of.id, box: of.box })
        .from(of)
        .where(
          and(
            gt(of.id, after),
            sql`substr(${of.box}, 1, ${prefix.length}) <> ${prefix}`,
            sql`substr(${of.box}, 1, ${tenantBoxes.length}) <> ${tenantBoxes}`,
          ),
        )
        .orderBy(of.id)
        .limit(limit),
    async replace(row, from, to) {
      await db
        .update(of)
        .set({ box: to })
        .where(and(eq(of.id, row), eq(of.box, from)));
    },
  });

export const secretColumns = [column("provider_keys", providerKeys), column("workspace_keys", workspaceKeys)];
