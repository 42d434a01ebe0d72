import { sql } from "drizzle-orm";
import { index, integer, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { reasoningEfforts } from "../reasoning-efforts.ts";

/**
 * A conversation belongs to one person (`userId`) or one anonymous visitor of a clone (`visitorId`), and to the tenant that
 * it is filed under: the person's workspace, or the clone's for a visitor.
 */
export const conversations = sqliteTable(
  "conversations",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id").notNull(),
    userId: text("user_id"),
    visitorId: text("visitor_id"),
    cloneId: text("clone_id"),
    title: text("title").notNull(),
    /** `auto` titles may be replaced by a better one; a person's own never. */
    titleSource: text("title_source", { enum: ["auto", "person"] })
      .notNull()
      .default("auto"),
    model: text("model"),
    systemPrompt: text("system_prompt"),
    /** How the model is asked here where a question says nothing else; null means as the provider does by itself. */
    temperature: real("temperature"),
    topP: real("top_p"),
    maxTokens: integer("max_tokens"),
    reasoning: text("reasoning", { enum: reasoningEfforts }),
    /** `own` keeps it on the owner's own machines, whatever its clone says; null adds nothing to that. */
    privacy: text("privacy", { enum: ["own"] }),
    /** Retrieval is kept to these documents; null means all of the clone's. */
    documentIds: text("document_ids", { mode: "json" }).$type<string[]>(),
    pinned: integer("pinned", { mode: "boolean" }).notNull().default(false),
    archived: integer("archived", { mode: "boolean" }).notNull().default(false),
    folder: text("folder"),
    tags: text("tags", { mode: "json" }).$type<string[]>().notNull().default(sql`'[]'`),
    /** The leaf of the branch that is shown; null while empty. */
    headMessageId: text("head_message_id"),
    /** Set when this one was forked from another. */
    forkedFrom: text("forked_from"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    /** When it came in from a file, whose times are older; null of all others. */
    importedAt: integer("imported_at"),
  },
  (table) => [
    index("conversations_user").on(table.userId, table.updatedAt),
    index("conversations_visitor").on(table.visitorId, table.updatedAt),
    index("conversations_clone").on(table.cloneId),
    index("conversations_workspace").on(table.workspaceId, table.updatedAt),
  ],
);

/** A node of the tree: siblings share a parent. An answer's row is made with its question and filled when its turn ends. */
export const messages = sqliteTable(
  "messages",
  {
    id: text("id").primaryKey(),
    conversationId: text("conversation_id")
      .notNull()
      .references(() => conversations.id, { onDelete: "cascade" }),
    workspaceId: text("workspace_id").notNull(),
    parentId: text("parent_id"),
    role: text("role", { enum: ["user", "assistant"] }).notNull(),
    content: text("content").notNull(),
    status: text("status", { enum: ["running", "complete", "stopped", "interrupted", "failed"] }).notNull(),
    finishReason: text("finish_reason"),
    errorCode: text("error_code"),
    model: text("model"),
    /** Which model was asked for, where another answered, and why that is. */
    askedModel: text("asked_model"),
    fallbackReason: text("fallback_reason"),
    /** Whose machine the answer came from. */
    lane: text("lane", { enum: ["own", "cloud", "offline"] }),
    /** What it was bound to when it was asked: what follows it is bound so too. */
    privacy: text("privacy", { enum: ["own"] }),
    /** What the model thought aloud before it answered. */
    thoughts: text("thoughts"),
    turnId: text("turn_id"),
    /** Answers to one question asked of several models side by side share a group. */
    compareGroup: text("compare_group"),
    promptTokens: integer("prompt_tokens"),
    completionTokens: integer("completion_tokens"),
    /** Of these, what was read from the provider's cache, and what was thought; null where it does not say. */
    cachedTokens: integer("cached_tokens"),
    reasoningTokens: integer("reasoning_tokens"),
    /** What the answer cost; null where no price is known. */
    microCredits: integer("micro_credits"),
    /** Citations of an answer that were left out, because their passage does not say what the sentence says. */
    droppedCitations: integer("dropped_citations").notNull().default(0),
    createdAt: integer("created_at").notNull(),
    completedAt: integer("completed_at"),
  },
  (table) => [
    index("messages_conversation").on(table.conversationId, table.createdAt),
    index("messages_turn").on(table.turnId),
  ],
);

/** `index` is the number in the text; `start` and `end` are character offsets into the document's text. */
export const citations = sqliteTable(
  "citations",
  {
    messageId: text("message_id")
      .notNull()
      .references(() => messages.id, { onDelete: "cascade" }),
    index: integer("idx").notNull(),
    documentId: text("document_id").notNull(),
    source: text("source").notNull(),
    page: integer("page"),
    section: text("section"),
    quote: text("quote").notNull(),
    relevance: real("relevance").notNull(),
    start: integer("start_offset").notNull(),
    end: integer("end_offset").notNull(),
  },
  (table) => [primaryKey({ columns: [table.messageId, table.index] })],
);

/** The rolling summary of the turns that no longer fit the history window, down to and including `throughMessageId`. */
export const conversationSummaries = sqliteTable("conversation_summaries", {
  conversationId: text("conversation_id")
    .primaryKey()
    .references(() => conversations.id, { onDelete: "cascade" }),
  workspaceId: text("workspace_id").notNull(),
  throughMessageId: text("through_message_id").notNull(),
  summary: text("summary").notNull(),
  model: text("model").notNull(),
  updatedAt: integer("updated_at").notNull(),
});

/** Who else may read a conversation: whoever has a link (its token is kept as a hash only), or the people of the workspace. */
export const conversationShares = sqliteTable(
  "conversation_shares",
  {
    id: text("id").primaryKey(),
    conversationId: text("conversation_id")
      .notNull()
      .references(() => conversations.id, { onDelete: "cascade" }),
    workspaceId: text("workspace_id").notNull(),
    kind: text("kind", { enum: ["link", "members"] }).notNull(),
    tokenHash: text("token_hash").unique(),
    /** The message that the shown branch ends with, or null to show the conversation as it is at the time. */
    throughMessageId: text("through_message_id"),
    createdBy: text("created_by").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    index("conversation_shares_conversation").on(table.conversationId),
    index("conversation_shares_workspace").on(table.workspaceId, table.createdAt),
  ],
);
