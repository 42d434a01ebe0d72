import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { users } from "./accounts.ts";

/** A tenant. Everything that people make belongs to exactly one. Times are milliseconds since the epoch. */
export const workspaces = sqliteTable("workspaces", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  kind: text("kind", { enum: ["personal", "team"] }).notNull(),
  /** Set on personal workspaces: at most one a person, whatever is repeated. */
  personalOf: text("personal_of")
    .unique()
    .references(() => users.id, { onDelete: "cascade" }),
  createdAt: integer("created_at").notNull(),
  /** Nobody is let into a suspended workspace, and its clones answer nobody. */
  suspendedAt: integer("suspended_at"),
  /** A deleted workspace is gone for everybody at once; what it held is removed in the background, then its row. */
  deletedAt: integer("deleted_at"),
});

const role = () => text("role", { enum: ["owner", "admin", "member", "viewer"] }).notNull();

export const members = sqliteTable(
  "members",
  {
    workspaceId: text("workspace_id")
      .notNull()
      .references(() => workspaces.id, { onDelete: "cascade" }),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    role: role(),
    createdAt: integer("created_at").notNull(),
    /** A suspended member keeps their place and their things, but is not let in. */
    suspendedAt: integer("suspended_at"),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.userId] }), index("members_user").on(table.userId)],
);

/** Who is asked to join, by mail. The link's token is kept as a hash only, and works once. */
export const invitations = sqliteTable(
  "invitations",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id")
      .notNull()
      .references(() => workspaces.id, { onDelete: "cascade" }),
    /** In lower case. */
    email: text("email").notNull(),
    role: role(),
    /** SHA-256 in hex of 256 random bits. */
    tokenHash: text("token_hash").notNull().unique(),
    invitedBy: text("invited_by").notNull(),
    status: text("status", { enum: ["pending", "accepted", "declined", "revoked"] })
      .notNull()
      .default("pending"),
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [
    // One open invitation for an address, whatever is repeated.
    uniqueIndex("invitations_pending").on(table.workspaceId, table.email).where(sql`status = 'pending'`),
    index("invitations_workspace").on(table.workspaceId, table.createdAt),
  ],
);
