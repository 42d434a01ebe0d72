import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/**
 * One row a call of a model, never changed: what billing builds on. An answer's has the id of its turn, so that there is exactly one,
 * whatever is repeated.
 */
export const usageEvents = sqliteTable(
  "usage_events",
  {
    id: text("id").primaryKey(),
    purpose: text("purpose", {
      enum: ["answer", "title", "summary", "rewriting", "embedding", "rerank", "vision"],
    }).notNull(),
    turnId: text("turn_id"),
    /** The workspace that pays. */
    workspaceId: text("workspace_id").notNull(),
    /** Who of the workspace asked or uploaded, and by which API key. */
    userId: text("user_id"),
    keyId: text("key_id"),
    cloneId: text("clone_id"),
    conversationId: text("conversation_id"),
    provider: text("provider").notNull(),
    /** `provider/name`. */
    model: text("model").notNull(),
    /** Null where no model was reached, and of what was recorded before lanes were. */
    lane: text("lane", { enum: ["own", "cloud", "offline"] }),
    /** Whose key paid: what a workspace pays by its own is counted apart. */
    payer: text("payer", { enum: ["installation", "workspace"] }),
    /** All tokens of the prompt, and of these what was read from the provider's cache or written there; null where it does not say. */
    promptTokens: integer("prompt_tokens").notNull(),
    cacheReadTokens: integer("cache_read_tokens"),
    cacheWriteTokens: integer("cache_write_tokens"),
    /** All tokens that were written, and of these the thoughts. */
    completionTokens: integer("completion_tokens").notNull(),
    reasoningTokens: integer("reasoning_tokens"),
    /** Whether any of these is an estimate, as the provider did not count. */
    estimated: integer("estimated", { mode: "boolean" }).notNull(),
    durationMs: integer("duration_ms"),
    firstTokenMs: integer("first_token_ms"),
    /** The row of the catalogue that the cost is by, and the cost in micro-credits; null where no price is known: not billable, and not 0. */
    priceId: text("price_id"),
    microCredits: integer("micro_credits"),
    outcome: text("outcome", { enum: ["complete", "stopped", "interrupted", "failed"] }).notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("usage_events_workspace").on(table.workspaceId, table.createdAt)],
);
