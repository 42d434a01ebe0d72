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

/** What a clone costs: a row a version, of which the newest holds. What was begun by an older one is paid by that. */
export const clonePrices = sqliteTable(
  "clone_prices",
  {
    id: text("id").primaryKey(),
    cloneId: text("clone_id").notNull(),
    workspaceId: text("workspace_id").notNull(),
    /** Who pays for visitors' questions: the clone's workspace, or they. */
    payer: text("payer", { enum: ["creator", "visitor"] }).notNull(),
    /** Micro-credits an answer, above what its model takes; null where answers have no price. */
    perMessage: integer("per_message"),
    /** Micro-credits a session and its minutes; null where there are none. */
    perSession: integer("per_session"),
    sessionMinutes: integer("session_minutes"),
    /** Micro-credits a minute of the expert's own time, within a session. */
    perExpertMinute: integer("per_expert_minute"),
    /** So many answers are free for each account before the first is paid. */
    trialMessages: integer("trial_messages").notNull(),
    /** What of a price is the creator's, in ten-thousandths, and who else gets what of that. */
    creatorShare: integer("creator_share").notNull(),
    contributors: text("contributors", { mode: "json" })
      .$type<{ userId: string; workspaceId: string; basisPoints: number }[]>()
      .notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("clone_prices_clone").on(table.cloneId, table.createdAt)],
);
