import { and, asc, eq, isNull, type SQL, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { clones } from "../db/schema/clones.ts";
import type { Erased } from "../platform/rooms/personal-data.ts";
import type { CloneRow } from "./queries.ts";

/** All living clones of a workspace, oldest first. */
export function listClones(db: Database, workspaceId: string): Promise<CloneRow[]> {
  return db
    .select()
    .from(clones)
    .where(and(eq(clones.workspaceId, workspaceId), isNull(clones.deletedAt)))
    .orderBy(asc(clones.createdAt));
}

export const clonesHeld = ({ listed }: Erased): SQL =>
  sql`SELECT id FROM ${clones} WHERE workspace_id IN ${listed("workspace")}`;

export const hasClones = (of: Erased): SQL => sql`EXISTS (${clonesHeld(of)})`;

/** Clones that an erasure has still to remove. */
export async function clonesLeft(db: Database, { listed }: Erased, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: clones.id })
    .from(clones)
    .where(sql`${clones.workspaceId} IN ${listed("workspace")}`)
    .limit(limit);
  return rows.map((row) => row.id);
}
