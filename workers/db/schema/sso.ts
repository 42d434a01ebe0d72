import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { workspaces } from "./workspaces.ts";

/** How people of a workspace sign in by their own organisation. What belongs to the other kind is null; all of it is, in a draft. */
export const ssoConnections = sqliteTable(
  "sso_connections",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id")
      .notNull()
      .references(() => workspaces.id, { onDelete: "cascade" }),
    kind: text("kind", { enum: ["oidc", "saml"] }).notNull(),
    name: text("name").notNull(),
    /** What people become who come in by it for the first time. */
    defaultRole: text("default_role", { enum: ["member", "viewer"] }).notNull(),
    issuer: text("issuer"),
    clientId: text("client_id"),
    /** The client secret in a box that opens under `id` alone. */
    box: text("box"),
    entityId: text("entity_id"),
    ssoUrl: text("sso_url"),
    /** PEM; whatever else a message brings is not believed. */
    certificates: text("certificates", { mode: "json" }).$type<string[]>(),
    createdBy: text("created_by").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("sso_connections_workspace").on(table.workspaceId, table.createdAt)],
);

/** Domains of e-mail addresses. One counts from `verifiedAt` on, and for one workspace alone. */
export const ssoDomains = sqliteTable(
  "sso_domains",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id")
      .notNull()
      .references(() => workspaces.id, { onDelete: "cascade" }),
    connectionId: text("connection_id")
      .notNull()
      .references(() => ssoConnections.id, { onDelete: "cascade" }),
    /** In lower case, as DNS knows it. */
    domain: text("domain").notNull(),
    /** What its owner puts into DNS. */
    token: text("token").notNull(),
    verifiedAt: integer("verified_at"),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    uniqueIndex("sso_domains_workspace").on(table.workspaceId, table.domain),
    uniqueIndex("sso_domains_verified").on(table.domain).where(sql`verified_at IS NOT NULL`),
    index("sso_domains_connection").on(table.connectionId),
  ],
);
