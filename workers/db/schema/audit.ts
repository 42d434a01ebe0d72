import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** What is known of a workspace's audit log beside its events: whatever is taken out of them does not add up with this. */
export const auditHeads = sqliteTable("audit_heads", {
  workspaceId: text("workspace_id").primaryKey(),
  /** The log's own key, in a box: who has only the database cannot write an event that holds. */
  key: text("key").notNull(),
  /** Number and id of the last event. They change in the batch that stores the event. */
  count: integer("count").notNull().default(0),
  lastId: text("last_id").notNull().default(""),
  /** Number of the last event that is in the chain, and the chain's hash there; empty before the first. */
  sealed: integer("sealed").notNull().default(0),
  hash: text("hash").notNull().default(""),
});

/** Who did what, when and from where. Rows are only ever added, in the batch of what they tell, and outlive it. */
export const auditEvents = sqliteTable(
  "audit_events",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id").notNull(),
    /** From 1, without gaps, within a workspace. */
    seq: integer("seq").notNull(),
    at: integer("at").notNull(),
    actorKind: text("actor_kind", { enum: ["user", "key", "visitor", "job", "nobody"] }).notNull(),
    /** The person, also behind a key; the visitor; the job's name. */
    actorId: text("actor_id"),
    keyId: text("key_id"),
    action: text("action").notNull(),
    resourceKind: text("resource_kind"),
    resourceId: text("resource_id"),
    address: text("address"),
    agent: text("agent"),
    requestId: text("request_id"),
    /** JSON. */
    details: text("details").notNull(),
    /** HMAC-SHA-256 by the log's key over all above but `seq`, which the database decides. */
    mac: text("mac").notNull(),
    /** The chain's hash at this event: HMAC over the one before, `seq` and `mac`. Null until it is sealed. */
    hash: text("hash"),
  },
  (table) => [
    uniqueIndex("audit_events_seq").on(table.workspaceId, table.seq),
    index("audit_events_resource").on(table.workspaceId, table.resourceId, table.seq),
  ],
);
