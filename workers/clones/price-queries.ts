import { desc, eq } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { clonePrices } from "../db/schema/clones.ts";

export type ClonePriceRow = typeof clonePrices.$inferSelect;

/** The price of a clone that holds; no row where it never had one. */
export const selectClonePrice = (db: Database, cloneId: string) =>
  db
    .select()
    .from(clonePrices)
    .where(eq(clonePrices.cloneId, cloneId))
    .orderBy(desc(clonePrices.createdAt), desc(clonePrices.id))
    .limit(1);

export const insertClonePrice = (db: Database, row: ClonePriceRow) => db.insert(clonePrices).values(row).returning();
