import { isLivingKey } from "../accounts/api-key-queries.ts";
import { listConsents } from "../accounts/consent-queries.ts";
import { type Beside, isLivingSession } from "../accounts/read-session.ts";
import type { Origin } from "../audit/origin.ts";
import { type AuditEvent, auditStatements } from "../audit/record.ts";
import { Problem } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import type { Runtime } from "../platform/runtime.ts";
import { ShortCache } from "../platform/short-cache.ts";
import { cleanLine } from "../platform/single-line.ts";
import type { Actor } from "./context.ts";
import { insertPersonalWorkspace, isOpenWorkspace, type Membership, membershipIn, membershipsOf } from "./queries.ts";

/** How long this process may believe an old answer, in ms: a changed role or a suspension counts everywhere after it. */
export const standingLifetime = 3_000;

const memberships = new ShortCache<Membership[]>(standingLifetime);
const openWorkspaces = new ShortCache<{ id: string; isOpen: boolean }>(standingLifetime);

/** Refuses who is suspended. Throws `forbidden`. */
export function requireStanding({ isPersonSuspended, isMemberSuspended, isSuspended, name }: Membership): void {
  if (isPersonSuspended) {
    throw new Problem("forbidden", "Your account is suspended. Write to whoever runs this installation.");
  }
  if (isSuspended) {
    throw new Problem("forbidden", `The workspace “${name}” is suspended. Write to whoever runs this installation.`);
  }
  if (isMemberSuspended) {
    throw new Problem("forbidden", `You are suspended in the workspace “${name}”. Write to an owner or admin of it.`);
  }
}

/** Refuses a suspended person where no workspace is asked for. Throws `forbidden`. */
export async function requireUnsuspended(
  runtime: Runtime,
  user: { id: string; name: string },
  from: Origin,
): Promise<void> {
  const own = await ensureMemberships(runtime, user, from);
  for (const membership of own) requireStanding({ ...membership, ...anywhere });
}

const anywhere = { isSuspended: false, isMemberSuspended: false };

/** Has memberships read in the round trip that finds a session; `ensureMemberships` knows them then. */
export const membershipsBeside = ({ clock }: Runtime): Beside => ({
  select: membershipsOf,
  take(rows) {
    const found = rows as Membership[];
    // Who has no personal workspace yet gets it from there.
    if (found[0]?.kind === "personal") memberships.set(found[0].userId, found, clock.now());
  },
});

/** Workspaces of a person; the personal one is made here at the first call, so that no crash at sign-up can leave it out. */
export async function ensureMemberships(
  runtime: Runtime,
  user: { id: string; name: string },
  from: Origin,
): Promise<Membership[]> {
  const { db } = runtime;
  const now = runtime.clock.now();
  const known = memberships.get(user.id, now);
  if (known) return known;
  let found = await membershipsOf(db, user.id);
  if (!found.some(({ kind }) => kind === "personal")) {
    const name = cleanLine(`${user.name}’s workspace`, 80);
    const id = newId("workspace");
    const source = { ...from, requestId: null, actorKind: "user", actorId: user.id, keyId: null } as const;
    const [agreed] = await listConsents(db, user.id);
    const event: AuditEvent = {
      action: "account.created",
      resource: { kind: "user", id: user.id },
      ...(agreed ? { details: { policy_version: agreed.version } } : {}),
    };
    const audit = await auditStatements({ ...runtime, db }, id, source, event, "changed");
    await insertPersonalWorkspace(db, { id, name, userId: user.id, now }, audit);
    found = await membershipsOf(db, user.id);
  }
  memberships.set(user.id, found, now);
  return found;
}

/** Whether visitors may talk in a workspace: it is there, and not suspended. */
export async function isOpenToVisitors(runtime: Runtime, workspaceId: string): Promise<boolean> {
  const now = runtime.clock.now();
  const known = openWorkspaces.get(workspaceId, now);
  if (known) return known.isOpen;
  const isOpen = await isOpenWorkspace(runtime.db, workspaceId);
  openWorkspaces.set(workspaceId, { id: workspaceId, isOpen }, now);
  return isOpen;
}

/** Who holds something open that outlives a request: enough to ask later whether they still may. */
export type Holder =
  | {
      kind: "user";
      userId: string;
      workspaceId: string;
      keyId: string | null;
      /** Of what goes on for as long as the session that opened it, and no longer. */
      sessionId?: string;
    }
  | { kind: "visitor"; workspaceId: string };

export function holderOf(actor: Actor): Holder | null {
  if (actor.kind === "job") return null;
  const { kind, workspaceId } = actor;
  return kind === "user" ? { kind, userId: actor.userId, workspaceId, keyId: actor.keyId } : { kind, workspaceId };
}

/** Whether somebody is let into a workspace that they belong to. */
export const stands = (membership: Membership) =>
  !membership.isPersonSuspended && !membership.isMemberSuspended && !membership.isSuspended;

/** Whether a holder is still let in: a member who is not suspended, by a key or session that was not ended; a visitor of an open workspace. */
export async function stillStands(runtime: Runtime, holder: Holder): Promise<boolean> {
  if (holder.kind === "visitor") return isOpenToVisitors(runtime, holder.workspaceId);
  const { userId, workspaceId, keyId, sessionId } = holder;
  const now = runtime.clock.now();
  const { db } = runtime;
  const known = memberships.get(userId, now)?.find(({ id }) => id === workspaceId);
  const membership = known ?? (await membershipIn(db, userId, workspaceId));
  if (!membership || !stands(membership)) return false;
  if (sessionId !== undefined && !(await isLivingSession(runtime, sessionId))) return false;
  return keyId === null || isLivingKey(db, keyId, now);
}

/** Forgets what this process remembers of a person or a workspace, so that a change counts here at once. */
export function forgetStanding({ userId, workspaceId }: { userId?: string; workspaceId?: string }): void {
  memberships.forget((rows) => rows.some((row) => row.userId === userId || row.id === workspaceId));
  openWorkspaces.forget(({ id }) => id === workspaceId);
}
