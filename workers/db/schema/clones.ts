import { sql } from "drizzle-orm";
import { index, integer, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { reasoningEfforts } from "../reasoning-efforts.ts";
import { workspaces } from "./workspaces.ts";

export const clones = sqliteTable(
  "clones",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id")
      .notNull()
      .references(() => workspaces.id, { onDelete: "cascade" }),
    /** In the public address, unique over all tenants. */
    slug: text("slug").notNull().unique(),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    instructions: text("instructions").notNull().default(""),
    greeting: text("greeting").notNull().default(""),
    starters: text("starters", { mode: "json" }).$type<string[]>().notNull().default(sql`'[]'`),
    /** A catalogue id, or null for the installation's default. */
    model: text("model"),
    /** How its model is asked where neither question nor conversation says; null means as the provider does by itself. */
    temperature: real("temperature"),
    topP: real("top_p"),
    maxTokens: integer("max_tokens"),
    reasoning: text("reasoning", { enum: reasoningEfforts }),
    /** `own` keeps all that is said and read here on the owner's own machines; null binds to nothing. */
    privacy: text("privacy", { enum: ["own"] }),
    visibility: text("visibility", { enum: ["private", "unlisted", "public"] })
      .notNull()
      .default("private"),
    /** Whether visitors may open a cited document, or see the quoted passage only. */
    sourceAccess: text("source_access", { enum: ["quotes", "documents"] })
      .notNull()
      .default("quotes"),
    createdBy: text("created_by").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    /** A deleted clone is invisible at once; its files and index are removed in the background, then its row. */
    deletedAt: integer("deleted_at"),
  },
  (table) => [index("clones_workspace").on(table.workspaceId, table.createdAt)],
);
