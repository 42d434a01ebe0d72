import { and, asc, eq, isNull, type SQL, sql } from "drizzle-orm";
import { batch, type Statement } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import type { ErasedKind } from "../db/erased-kinds.ts";
import { erasureItems, erasures } from "../db/schema/erasures.ts";
import type { Erased, LastRows } from "../platform/rooms/personal-data.ts";
import { erasureDoors } from "./doors.ts";

export type ErasureRow = typeof erasures.$inferSelect;
/** Which erasure, and of what: the person’s account, or the one workspace. */
export type Subject = Pick<ErasureRow, "id" | "userId" | "workspaceId">;

/** What rooms are told of an erasure. */
export const erasedBy = ({ id, userId, workspaceId }: Subject): Erased => ({
  userId: workspaceId === null ? userId : null,
  listed: (kind) => sql`(SELECT item_id FROM ${erasureItems} WHERE erasure_id = ${id} AND kind = ${kind})`,
  isNoted: sql`EXISTS (SELECT 1 FROM ${erasures} WHERE ${erasures.id} = ${id})`,
});

/** Puts what there is of a kind on the list; what is on it already stays once. */
export const list = (db: Database, of: Subject, { kind, rows }: { kind: ErasedKind; rows: SQL }): Statement =>
  db
    .insert(erasureItems)
    // All columns in their order.
    .select(sql`SELECT ${of.id}, ${kind}, found.id, NULL FROM (${rows}) AS found WHERE ${erasedBy(of).isNoted}`)
    .onConflictDoNothing();

/** Lists what rooms hold that goes. */
export const listHeld = (db: Database, of: Subject): Statement[] =>
  erasureDoors.flatMap(({ held }) => held?.(erasedBy(of)) ?? []).map((some) => list(db, of, some));

/** The ids of the workspaces that every erasure has listed, for an IN. */
export const allListedWorkspaces = sql`(SELECT item_id FROM ${erasureItems} WHERE kind = 'workspace')`;

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

export async function noteStep(db: Database, id: string, step: string): Promise<void> {
  await db.update(erasures).set({ step }).where(eq(erasures.id, id));
}

export async function noteEnd(db: Database, id: string, end: { finishedAt: number; receipt: string }): Promise<void> {
  await db.update(erasures).set(end).where(eq(erasures.id, id));
}

/** Items of a kind that are not noted as empty yet. */
export async function itemsLeft(db: Database, id: string, of: ErasedKind, limit: number): Promise<string[]> {
  const { erasureId, kind, itemId, erasedAt } = erasureItems;
  const rows = await db
    .select({ id: itemId })
    .from(erasureItems)
    .where(and(eq(erasureId, id), eq(kind, of), isNull(erasedAt)))
    .limit(limit);
  return rows.map((row) => row.id);
}

export async function noteEmptied(
  db: Database,
  id: string,
  { kind, ids, now }: { kind: ErasedKind; ids: string[]; now: number },
): Promise<void> {
  await db
    .update(erasureItems)
    .set({ erasedAt: now })
    .where(
      and(
        eq(erasureItems.erasureId, id),
        eq(erasureItems.kind, kind),
        sql`${erasureItems.itemId} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`,
      ),
    );
}

/** The ids of the workspaces that go. */
export async function workspacesOfErasure(db: Database, id: string): Promise<string[]> {
  const rows = await db
    .select({ id: erasureItems.itemId })
    .from(erasureItems)
    .where(and(eq(erasureItems.erasureId, id), eq(erasureItems.kind, "workspace")));
  return rows.map((row) => row.id);
}

/** Removes in one batch what rooms have of something; what is left of any of them, its statements may ask first. */
async function removeLast<Whose>(db: Database, rows: LastRows<Whose>[], of: Whose): Promise<void> {
  const left = rows.flatMap(({ isLeft }) => isLeft?.(of) ?? []);
  const isFree = sql`NOT (${sql.join([sql`false`, ...left], sql` OR `)})`;
  await batch(
    db,
    rows.flatMap(({ remove }) => remove?.(db, of, isFree) ?? []),
  );
}

/** Removes what rooms have of the workspaces that go. It does nothing where somebody made something in them that has to go first. */
export const removeOfWorkspaces = (db: Database, of: Erased) =>
  removeLast(
    db,
    erasureDoors.flatMap(({ workspaces = [] }) => workspaces),
    of,
  );

/** Removes what rooms have of a person, and the person. */
export const removeOfPerson = (db: Database, userId: string) =>
  removeLast(
    db,
    erasureDoors.flatMap(({ person = [] }) => person),
    userId,
  );
