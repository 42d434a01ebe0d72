import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { workspaces } from "./workspaces.ts";

/** The key of each workspace under which its secrets are closed, itself in a box: what is closed under it goes with it. */
export const workspaceKeys = sqliteTable("workspace_keys", {
  id: text("id")
    .primaryKey()
    .references(() => workspaces.id, { onDelete: "cascade" }),
  box: text("box").notNull(),
});

/** A workspace's own keys to model providers, and servers of its own, each with its secrets in a box that opens under its own `id` alone. */
export const providerKeys = sqliteTable(
  "provider_keys",
  {
    /** `<workspace>/<provider>`: what the box is bound to, so that a row moved to another workspace does not open there. */
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id")
      .notNull()
      .references(() => workspaces.id, { onDelete: "cascade" }),
    /** The name of a provider, or of a server that is the workspace's own. */
    provider: text("provider").notNull(),
    /** What speaks there, where the name says it not: `openai-compatible`. */
    kind: text("kind"),
    address: text("address"),
    /** Whether it is a machine of the workspace's own, as its owner says. */
    isOwn: integer("is_own", { mode: "boolean" }).notNull().default(false),
    /** The public half of a service token for a tunnel. */
    accessClientId: text("access_client_id"),
    box: text("box").notNull(),
    /** The key's last characters, by which people tell it from others; empty where there is none. */
    ending: text("ending").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("provider_keys_workspace").on(table.workspaceId)],
);
