import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Exactly one row a turn, whatever is repeated: what billing builds on. */
export const usageEvents = sqliteTable(
  "usage_events",
  {
    turnId: text("turn_id").primaryKey(),
    workspaceId: text("workspace_id").notNull(),
    conversationId: text("conversation_id").notNull(),
    cloneId: text("clone_id"),
    model: text("model").notNull(),
    promptTokens: integer("prompt_tokens").notNull(),
    completionTokens: integer("completion_tokens").notNull(),
    outcome: text("outcome", { enum: ["complete", "stopped", "interrupted", "failed"] }).notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("usage_events_workspace").on(table.workspaceId, table.createdAt)],
);
