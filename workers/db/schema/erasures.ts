import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { erasedKinds } from "../erased-kinds.ts";

/** An account, or a workspace, that is being erased, or was. Holds ids only: nothing in it says whose it was. Times in ms. */
export const erasures = sqliteTable(
  "erasures",
  {
    id: text("id").primaryKey(),
    /** Whose account it is, or whose the workspace was. */
    userId: text("user_id").notNull(),
    /** The last step that was done; null before the first. */
    step: text("step"),
    requestedAt: integer("requested_at").notNull(),
    finishedAt: integer("finished_at"),
    /** Signed, over the list of what was erased; null until it is. */
    receipt: text("receipt"),
    /** The workspace that goes; null where the account does. */
    workspaceId: text("workspace_id"),
  },
  (table) => [
    // Each goes once, whatever is repeated.
    uniqueIndex("erasures_account").on(table.userId).where(sql`workspace_id IS NULL`),
    uniqueIndex("erasures_workspace").on(table.workspaceId),
  ],
);

/** What an erasure takes with it: the list that is signed in the end. */
export const erasureItems = sqliteTable(
  "erasure_items",
  {
    erasureId: text("erasure_id")
      .notNull()
      .references(() => erasures.id, { onDelete: "cascade" }),
    kind: text("kind", { enum: erasedKinds }).notNull(),
    itemId: text("item_id").notNull(),
    /** Of what has an object: when that was emptied. */
    erasedAt: integer("erased_at"),
  },
  (table) => [
    primaryKey({ columns: [table.erasureId, table.kind, table.itemId] }),
    index("erasure_items_left").on(table.erasureId, table.kind, table.erasedAt),
  ],
);
