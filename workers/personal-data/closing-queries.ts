import { type SQL, sql } from "drizzle-orm";
import type { AuditStatements } from "../audit/record.ts";
import type { Statement } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { erasures } from "../db/schema/erasures.ts";
import { idOfWorkspace, idsOfOwned, selectOwned, selectOwnedWithOthers } from "../workspaces/queries.ts";
import { erasureDoors } from "./doors.ts";
import { erasedBy, list, listHeld, type Subject } from "./erasure-queries.ts";

/** Notes an erasure that begins at `now`, where `condition` holds and it is not noted yet. */
const note = (db: Database, { id, userId, workspaceId }: Subject, now: number, condition: SQL) =>
  db
    .insert(erasures)
    // All columns in their order.
    .select(sql`SELECT ${id}, ${userId}, NULL, ${now}, NULL, NULL, ${workspaceId} WHERE ${condition}`)
    .onConflictDoNothing()
    .returning({ id: erasures.id });

interface Closing {
  now: number;
  /** Whether it may be closed. */
  condition: SQL;
  audit: AuditStatements;
}

/** Notes an erasure, lists what there is, and has all rooms close it, in one batch; whether it did. */
async function close(db: Database, of: Subject, { now, condition, audit }: Closing): Promise<boolean> {
  const workspaces = of.workspaceId === null ? idsOfOwned(of.userId) : idOfWorkspace(of.workspaceId);
  const statements: Statement[] = [
    // Behind what they tell of.
    ...audit,
    // All that follows is about these, and what there is is on the list before anything is changed.
    list(db, of, { kind: "workspace", rows: workspaces }),
    ...listHeld(db, of),
    ...erasureDoors.flatMap((room) => room.close?.(db, erasedBy(of), now) ?? []),
  ];
  const [noted] = await db.batch([note(db, of, now, condition), ...statements]);
  return noted.length > 0;
}

/**
 * Closes an account for good, in one batch: it is noted and listed, its workspaces are closed, it leaves all others, and nothing opens
 * it any more. False, and nothing is done, where the person owns a shared workspace with others, or is being erased already.
 */
export function closeAccount(
  db: Database,
  { id, userId }: Omit<Subject, "workspaceId">,
  closing: Omit<Closing, "condition">,
): Promise<boolean> {
  const condition = sql`NOT EXISTS (${selectOwnedWithOthers(db, userId).getSQL()})`;
  return close(db, { id, userId, workspaceId: null }, { ...closing, condition });
}

type OfWorkspace = Subject & { workspaceId: string };

/** Closes a shared workspace for good, in one batch. False, and nothing is done, where it is closed already, or the person does not own it any more. */
export function closeWorkspace(db: Database, of: OfWorkspace, closing: Omit<Closing, "condition">): Promise<boolean> {
  return close(db, of, { ...closing, condition: sql`EXISTS (${selectOwned(db, of).getSQL()})` });
}

/** Has a workspace erased that is closed. */
export async function adoptClosed(db: Database, of: OfWorkspace, now: number): Promise<void> {
  await close(db, of, { now, condition: sql`true`, audit: [] });
}
