import { and, count, desc, eq, gt, lt, or, sql } from "drizzle-orm";
import type { AuditStatements } from "../../audit/record.ts";
import type { Database } from "../../db/client.ts";
import { users } from "../../db/schema/accounts.ts";
import { invitations, members, workspaces } from "../../db/schema/workspaces.ts";

export type InvitationRow = typeof invitations.$inferSelect;

/** Stores an invitation; one that is open for the same address is renewed: its older link ends. Returns the row that stands. */
export function upsertInvitation(db: Database, row: InvitationRow) {
  const { role, tokenHash, invitedBy, createdAt, expiresAt } = row;
  return db
    .insert(invitations)
    .values(row)
    .onConflictDoUpdate({
      target: [invitations.workspaceId, invitations.email],
      targetWhere: sql`status = 'pending'`,
      set: { role, tokenHash, invitedBy, createdAt, expiresAt },
    })
    .returning();
}

/** Whether a person with this address is in the workspace. */
export async function hasMemberWith(db: Database, workspaceId: string, email: string): Promise<boolean> {
  const rows = await db
    .select({ id: users.id })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.workspaceId, workspaceId), eq(users.email, email)));
  return rows.length > 0;
}

const open = (now: number) => and(eq(invitations.status, "pending"), gt(invitations.expiresAt, now));

export async function countOpenInvitations(db: Database, workspaceId: string, now: number): Promise<number> {
  const [row] = await db
    .select({ count: count() })
    .from(invitations)
    .where(and(eq(invitations.workspaceId, workspaceId), open(now)));
  return row?.count ?? 0;
}

/** A page of a workspace's open invitations, newest first. */
export function listInvitationPage(
  db: Database,
  workspaceId: string,
  { after, limit, now }: { after: [createdAt: number, id: string] | null; limit: number; now: number },
): Promise<InvitationRow[]> {
  const behind = after
    ? or(lt(invitations.createdAt, after[0]), and(eq(invitations.createdAt, after[0]), lt(invitations.id, after[1])))
    : undefined;
  return db
    .select()
    .from(invitations)
    .where(and(eq(invitations.workspaceId, workspaceId), open(now), behind))
    .orderBy(desc(invitations.createdAt), desc(invitations.id))
    .limit(limit);
}

/** The open invitation of a link, with the names that its reader needs; nothing of a suspended workspace or inviter. */
export async function findInvitationByToken(db: Database, tokenHash: string, now: number) {
  const rows = await db
    .select({ invitation: invitations, workspaceName: workspaces.name, inviterName: users.name })
    .from(invitations)
    .innerJoin(
      workspaces,
      and(
        eq(workspaces.id, invitations.workspaceId),
        sql`${workspaces.deletedAt} IS NULL AND ${workspaces.suspendedAt} IS NULL`,
      ),
    )
    .innerJoin(users, eq(users.id, invitations.invitedBy))
    // An invitation is worth what its inviter may still do.
    .innerJoin(
      members,
      and(
        eq(members.workspaceId, invitations.workspaceId),
        eq(members.userId, invitations.invitedBy),
        sql`${members.role} IN ('owner', 'admin') AND ${members.suspendedAt} IS NULL AND ${users.suspendedAt} IS NULL`,
      ),
    )
    .where(and(eq(invitations.tokenHash, tokenHash), open(now)));
  return rows[0];
}

/** The open workspace of an invitation that its person accepted and where they are a member. */
export async function findAccepted(
  db: Database,
  { tokenHash, user, now }: { tokenHash: string; user: { id: string; email: string }; now: number },
): Promise<string | undefined> {
  const rows = await db
    .select({ workspaceId: invitations.workspaceId })
    .from(invitations)
    .innerJoin(members, and(eq(members.workspaceId, invitations.workspaceId), eq(members.userId, user.id)))
    .innerJoin(
      workspaces,
      and(
        eq(workspaces.id, invitations.workspaceId),
        sql`${workspaces.deletedAt} IS NULL AND ${workspaces.suspendedAt} IS NULL`,
      ),
    )
    .where(
      and(
        eq(invitations.tokenHash, tokenHash),
        eq(invitations.status, "accepted"),
        eq(invitations.email, user.email.toLowerCase()),
        gt(invitations.expiresAt, now),
      ),
    );
  return rows[0]?.workspaceId;
}

/** Ends an open invitation; returns it, or nothing where there was none. */
export function closeInvitation(
  db: Database,
  { id, workspaceId }: { id: string; workspaceId: string },
  status: "declined" | "revoked",
) {
  return db
    .update(invitations)
    .set({ status })
    .where(and(eq(invitations.id, id), eq(invitations.workspaceId, workspaceId), eq(invitations.status, "pending")))
    .returning({ id: invitations.id });
}

/** Takes an open invitation and makes its person a member, both or neither; whether it did. Who is in already keeps their role. */
export async function takeInvitation(
  db: Database,
  { id, tokenHash, userId, now }: { id: string; tokenHash: string; userId: string; now: number },
  audit: AuditStatements,
): Promise<boolean> {
  const [taken] = await db.batch([
    db
      .update(invitations)
      .set({ status: "accepted" })
      .where(and(eq(invitations.id, id), eq(invitations.tokenHash, tokenHash), open(now)))
      .returning({ id: invitations.id }),
    db
      .insert(members)
      .select(
        db
          .select({
            workspaceId: invitations.workspaceId,
            userId: sql<string>`${userId}`.as("user_id"),
            role: invitations.role,
            createdAt: sql<number>`${now}`.as("created_at"),
            suspendedAt: sql<null>`NULL`.as("suspended_at"),
          })
          .from(invitations)
          .where(and(eq(invitations.id, id), sql`changes() = 1`)),
      )
      .onConflictDoNothing(),
    ...audit,
  ]);
  return taken.length > 0;
}
