import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { workspaces } from "./workspaces.ts";

/** A workspace's own keys to model providers, each in a box that opens under its own `id` alone. */
export const providerKeys = sqliteTable(
  "provider_keys",
  {
    /** `<workspace>/<provider>`: what the box is bound to, so that a row moved to another workspace does not open there. */
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id")
      .notNull()
      .references(() => workspaces.id, { onDelete: "cascade" }),
    provider: text("provider").notNull(),
    box: text("box").notNull(),
    /** The key's last characters, by which people tell it from others. */
    ending: text("ending").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("provider_keys_workspace").on(table.workspaceId)],
);
