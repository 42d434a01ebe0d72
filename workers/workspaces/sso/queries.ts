import { and, asc, count, eq, gt, gte, inArray, isNotNull, isNull, lt, type SQL, sql } from "drizzle-orm";
import { hasLink } from "../../accounts/providers/oauth-queries.ts";
import type { Database } from "../../db/client.ts";
import { accounts } from "../../db/schema/accounts.ts";
import { ssoConnections, ssoDomains } from "../../db/schema/sso.ts";
import { invitations, members, workspaces } from "../../db/schema/workspaces.ts";
import type { SecretColumn } from "../../platform/secrets/secret-box.ts";

export type ConnectionRow = typeof ssoConnections.$inferSelect;
export type DomainRow = typeof ssoDomains.$inferSelect;

/** Where a row stands: nothing is read or changed without its workspace. */
export interface At {
  workspaceId: string;
  id: string;
}
const connectionAt = ({ workspaceId, id }: At) =>
  and(eq(ssoConnections.id, id), eq(ssoConnections.workspaceId, workspaceId));

export function listConnections(db: Database, workspaceId: string): Promise<ConnectionRow[]> {
  return db
    .select()
    .from(ssoConnections)
    .where(eq(ssoConnections.workspaceId, workspaceId))
    .orderBy(asc(ssoConnections.createdAt), asc(ssoConnections.id));
}

/** All domains of a workspace's connections, or those of one. */
export function listDomains(db: Database, workspaceId: string, connectionId?: string): Promise<DomainRow[]> {
  const one = connectionId === undefined ? undefined : eq(ssoDomains.connectionId, connectionId);
  return db
    .select()
    .from(ssoDomains)
    .where(and(eq(ssoDomains.workspaceId, workspaceId), one))
    .orderBy(asc(ssoDomains.domain));
}

export async function findConnection(db: Database, at: At): Promise<ConnectionRow | undefined> {
  const rows = await db.select().from(ssoConnections).where(connectionAt(at));
  return rows[0];
}

/** Stores a connection in a workspace that has fewer than `most`. */
export function insertConnection(db: Database, row: ConnectionRow, most: number) {
  const values = [
    row.id,
    row.workspaceId,
    row.kind,
    row.name,
    row.defaultRole,
    row.issuer,
    row.clientId,
    row.box,
    row.entityId,
    row.ssoUrl,
    row.certificates === null ? null : JSON.stringify(row.certificates),
    row.createdBy,
    row.createdAt,
  ].map((value) => sql`${value}`);
  const others = db
    .select({ count: count() })
    .from(ssoConnections)
    .where(eq(ssoConnections.workspaceId, row.workspaceId));
  // In the order of the table's columns.
  return db
    .insert(ssoConnections)
    .select(sql`SELECT ${sql.join(values, sql`, `)} WHERE (${others.getSQL()}) < ${most}`)
    .returning({ id: ssoConnections.id });
}

/** Changes a connection whose settings are still those of `was`: a certificate that was taken out must not come back by a new name. */
export function updateConnection(db: Database, was: ConnectionRow, changes: Partial<ConnectionRow>) {
  const { issuer, clientId, box, entityId, ssoUrl } = ssoConnections;
  const certificates = was.certificates === null ? null : JSON.stringify(was.certificates);
  const same = [
    sql`${issuer} IS ${was.issuer}`,
    sql`${clientId} IS ${was.clientId}`,
    sql`${box} IS ${was.box}`,
    sql`${entityId} IS ${was.entityId}`,
    sql`${ssoUrl} IS ${was.ssoUrl}`,
    sql`${ssoConnections.certificates} IS ${certificates}`,
  ];
  return db
    .update(ssoConnections)
    .set(changes)
    .where(and(connectionAt(was), ...same))
    .returning({ id: ssoConnections.id });
}

export function removeConnection(db: Database, at: At) {
  return db.delete(ssoConnections).where(connectionAt(at)).returning({ id: ssoConnections.id });
}

export function insertDomain(db: Database, row: DomainRow) {
  return db.insert(ssoDomains).values(row).onConflictDoNothing().returning({ id: ssoDomains.id });
}

const domainAt = ({ workspaceId, connectionId, id }: At & { connectionId: string }) =>
  and(eq(ssoDomains.id, id), eq(ssoDomains.connectionId, connectionId), eq(ssoDomains.workspaceId, workspaceId));

export async function findDomain(db: Database, at: At & { connectionId: string }): Promise<DomainRow | undefined> {
  const rows = await db.select().from(ssoDomains).where(domainAt(at));
  return rows[0];
}

export function removeDomain(db: Database, at: At & { connectionId: string }) {
  return db.delete(ssoDomains).where(domainAt(at)).returning({ id: ssoDomains.id });
}

/** The workspace for which a domain counts at present, and whether it is still there. */
export async function holderOf(db: Database, domain: string): Promise<(DomainRow & { isOpen: boolean }) | undefined> {
  const rows = await db
    .select({ row: ssoDomains, deletedAt: workspaces.deletedAt })
    .from(ssoDomains)
    .innerJoin(workspaces, eq(workspaces.id, ssoDomains.workspaceId))
    .where(and(eq(ssoDomains.domain, domain), isNotNull(ssoDomains.verifiedAt)));
  return rows[0] && { ...rows[0].row, isOpen: rows[0].deletedAt === null };
}

/** Takes a domain from who has not proven it any more. */
export function releaseDomain(db: Database, { id, token }: DomainRow) {
  return db
    .update(ssoDomains)
    .set({ verifiedAt: null })
    .where(and(eq(ssoDomains.id, id), eq(ssoDomains.token, token), isNotNull(ssoDomains.verifiedAt)));
}

/** Lets a domain count for its workspace, unless it counts for another. */
export function verifyDomain(db: Database, { id, domain }: DomainRow, now: number) {
  const taken = sql`EXISTS (SELECT 1 FROM ${ssoDomains} AS other WHERE other.domain = ${domain} AND other.verified_at IS NOT NULL)`;
  return db
    .update(ssoDomains)
    .set({ verifiedAt: now })
    .where(and(eq(ssoDomains.id, id), isNull(ssoDomains.verifiedAt), sql`NOT ${taken}`))
    .returning({ id: ssoDomains.id });
}

const openWorkspace = and(
  eq(workspaces.id, ssoConnections.workspaceId),
  isNull(workspaces.deletedAt),
  isNull(workspaces.suspendedAt),
);

/** A connection of a workspace that is there and not suspended. */
export async function findOpenConnection(db: Database, id: string): Promise<ConnectionRow | undefined> {
  const rows = await db
    .select({ row: ssoConnections })
    .from(ssoConnections)
    .innerJoin(workspaces, openWorkspace)
    .where(eq(ssoConnections.id, id));
  return rows[0]?.row;
}

/** The connection that a domain's people sign in by. */
export async function findConnectionFor(db: Database, domain: string): Promise<ConnectionRow | undefined> {
  const rows = await db
    .select({ row: ssoConnections })
    .from(ssoDomains)
    .innerJoin(ssoConnections, eq(ssoConnections.id, ssoDomains.connectionId))
    .innerJoin(workspaces, openWorkspace)
    .where(and(eq(ssoDomains.domain, domain), isNotNull(ssoDomains.verifiedAt)));
  return rows[0]?.row;
}

/** Whether a connection may sign in people of all these domains. */
export async function hasDomains(db: Database, connectionId: string, domains: string[]): Promise<boolean> {
  const wanted = new Set(domains);
  const verified = and(eq(ssoDomains.connectionId, connectionId), isNotNull(ssoDomains.verifiedAt));
  const [row] = await db
    .select({ count: count() })
    .from(ssoDomains)
    .where(and(verified, inArray(ssoDomains.domain, [...wanted])));
  return row?.count === wanted.size;
}

/** Makes a person a member, where their link to the connection is stored and they are none. */
export function insertMember(
  db: Database,
  { workspaceId, defaultRole }: Pick<ConnectionRow, "workspaceId" | "defaultRole">,
  { userId, link, now }: { userId: string; link: { authority: string; subject: string }; now: number },
) {
  // All columns in their order.
  const row: SQL = sql`SELECT ${workspaceId}, ${userId}, ${defaultRole}, ${now}, NULL WHERE ${hasLink(link, userId)}`;
  return db.insert(members).select(row).onConflictDoNothing();
}

/** Whether an address is asked into a workspace. */
export async function hasInvitation(db: Database, workspaceId: string, email: string, now: number): Promise<boolean> {
  const rows = await db
    .select({ id: invitations.id })
    .from(invitations)
    .where(
      and(
        eq(invitations.workspaceId, workspaceId),
        eq(invitations.email, email),
        eq(invitations.status, "pending"),
        gt(invitations.expiresAt, now),
      ),
    );
  return rows.length > 0;
}

/** Removes the links whose connection is gone: `<prefix><connection> <issuer>`. */
export async function removeOrphanedLinks(db: Database, prefix: string): Promise<void> {
  const { providerId } = accounts;
  const id = sql`substr(${providerId}, ${prefix.length + 1}, instr(${providerId}, ' ') - ${prefix.length + 1})`;
  await db.delete(accounts).where(
    and(
      // As a range, which the index answers.
      gte(providerId, prefix),
      lt(providerId, `${prefix}\uffff`),
      sql`NOT EXISTS (SELECT 1 FROM ${ssoConnections} WHERE ${ssoConnections.id} = ${id})`,
    ),
  );
}

/** The column of client secrets, for the rotation of master keys. */
export const ssoSecretColumn = (db: Database): SecretColumn => ({
  table: "sso_connections",
  column: "box",
  async list(prefix, after, limit) {
    const { id, box } = ssoConnections;
    const rows = await db
      .select({ row: id, box: sql<string>`${box}` })
      .from(ssoConnections)
      .where(and(gt(id, after), isNotNull(box), sql`substr(${box}, 1, ${prefix.length}) <> ${prefix}`))
      .orderBy(id)
      .limit(limit);
    return rows;
  },
  async replace(row, from, to) {
    await db
      .update(ssoConnections)
      .set({ box: to })
      .where(and(eq(ssoConnections.id, row), eq(ssoConnections.box, from)));
  },
});
