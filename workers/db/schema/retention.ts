import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { workspaces } from "./workspaces.ts";

/** How long a workspace keeps conversations; one without a row keeps them until somebody deletes them. Times in ms. */
export const retentionSettings = sqliteTable("retention_settings", {
  workspaceId: text("workspace_id")
    .primaryKey()
    .references(() => workspaces.id, { onDelete: "cascade" }),
  /** Days since the last activity; null keeps them. */
  memberDays: integer("member_days"),
  visitorDays: integer("visitor_days"),
  includePinned: integer("include_pinned", { mode: "boolean" }).notNull(),
  /** Nothing goes before: what was made stricter can still be taken back. */
  effectiveAt: integer("effective_at").notNull(),
  /** When something went last; null before. Whoever waited longest is next. */
  lastRunAt: integer("last_run_at"),
});
