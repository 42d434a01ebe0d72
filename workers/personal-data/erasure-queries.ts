import { asc, eq, isNull, type SQL, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { conversations } from "../db/schema/chat.ts";
import { clones } from "../db/schema/clones.ts";
import { erasureItems, erasures } from "../db/schema/erasures.ts";
import { documents } from "../db/schema/knowledge.ts";

export type ErasureRow = typeof erasures.$inferSelect;
export type Step = NonNullable<ErasureRow["step"]>;
type Kind = typeof erasureItems.$inferSelect.kind;
/** Which erasure, and of what: the person’s account, or the one workspace. */
export type Subject = Pick<ErasureRow, "id" | "userId" | "workspaceId">;

/** Those of an erasure's items that are of one kind, for an IN. */
export const itemsOf = (id: string, kind: Kind): SQL =>
  sql`(SELECT item_id FROM ${erasureItems} WHERE erasure_id = ${id} AND kind = ${kind})`;

/** Puts what there is of a kind on the list; what is on it already stays once. */
export const list = (db: Database, { id }: Pick<Subject, "id">, kind: Kind, rows: SQL) =>
  db
    .insert(erasureItems)
    // All columns in their order.
    .select(
      sql`SELECT ${id}, ${kind}, found.id, NULL FROM (${rows}) AS found
        WHERE EXISTS (SELECT 1 FROM ${erasures} WHERE ${erasures.id} = ${id})`,
    )
    .onConflictDoNothing();

/** Lists what the workspaces hold that go; with an account also what is the person’s alone elsewhere: conversations, and documents that only they see. */
export function listHeld(db: Database, of: Subject) {
  const inside = sql`workspace_id IN ${itemsOf(of.id, "workspace")}`;
  const isAccount = of.workspaceId === null;
  const alone = isAccount ? sql`${inside} OR (created_by = ${of.userId} AND access = 'me')` : inside;
  const said = isAccount ? sql`${inside} OR user_id = ${of.userId}` : inside;
  return [
    list(db, of, "clone", sql`SELECT id FROM ${clones} WHERE ${inside}`),
    list(db, of, "document", sql`SELECT id FROM ${documents} WHERE ${alone}`),
    list(db, of, "conversation", sql`SELECT id FROM ${conversations} WHERE ${said}`),
  ] as const;
}

/** Erasures that are not at their end, oldest first. */
export function listUnfinished(db: Database, limit: number): Promise<ErasureRow[]> {
  return db.select().from(erasures).where(isNull(erasures.finishedAt)).orderBy(asc(erasures.requestedAt)).limit(limit);
}

export async function findErasure(db: Database, id: string): Promise<ErasureRow | undefined> {
  const rows = await db.select().from(erasures).where(eq(erasures.id, id));
  return rows[0];
}

/** Everything that an erasure took with it, always in the same order. */
export function listItems(db: Database, id: string) {
  return db
    .select({ kind: erasureItems.kind, id: erasureItems.itemId })
    .from(erasureItems)
    .where(eq(erasureItems.erasureId, id))
    .orderBy(asc(erasureItems.kind), asc(erasureItems.itemId));
}

export async function noteStep(db: Database, id: string, step: Step): Promise<void> {
  await db.update(erasures).set({ step }).where(eq(erasures.id, id));
}

export async function noteEnd(db: Database, id: string, end: { finishedAt: number; receipt: string }): Promise<void> {
  await db.update(erasures).set(end).where(eq(erasures.id, id));
}
