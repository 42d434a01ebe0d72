import { isLivingKey } from "../accounts/api-keys.ts";
import { listConsents } from "../accounts/consent-queries.ts";
import { type Beside, isLivingSession } from "../accounts/read-session.ts";
import type { Origin } from "../audit/origin.ts";
import { type AuditEvent, auditStatements } from "../audit/record.ts";
import { findReliably, type Relying } from "../platform/changes/relying.ts";
import { Remembered } from "../platform/changes/remembered.ts";
import { Problem } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import type { Runtime } from "../platform/runtime.ts";
import { cleanLine } from "../platform/single-line.ts";
import type { Actor, Caller } from "./context.ts";
import { insertPersonalWorkspace, isOpenWorkspace, type Membership, membershipsOf } from "./queries.ts";
import { type Action, may } from "./roles.ts";

/** People's memberships, by their ids: all that they have. */
const memberships = new Remembered<{ userId: string; own: Membership[] }>(({ userId, own }) => [
  `user:${userId}`,
  ...own.map(({ id }) => `workspace:${id}`),
]);
const openWorkspaces = new Remembered<{ id: string; isOpen: boolean }>(({ id }) => [`workspace:${id}`]);

/** Who has no personal workspace yet gets it from `ensureMemberships`, so that they are not known before. */
function remember(userId: string, own: Membership[], asOf: number): void {
  if (own[0]?.kind === "personal") memberships.set(userId, { userId, own }, asOf);
}

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
  const own = await findReliably(runtime, (relying) => ensureMemberships(runtime, user, from, relying));
  for (const membership of own) requireStanding({ ...membership, ...anywhere });
}

const anywhere = { isSuspended: false, isMemberSuspended: false };

/** Has memberships read in the round trip that finds a session; `ensureMemberships` knows them then. */
export const membershipsBeside: Beside = {
  select: membershipsOf,
  take(rows, asOf) {
    const own = rows as Membership[];
    if (own[0]) remember(own[0].userId, own, asOf);
  },
};

/** Workspaces of a person; the personal one is made here at the first call, so that no crash at sign-up can leave it out. */
export async function ensureMemberships(
  runtime: Runtime,
  user: { id: string; name: string },
  from: Origin,
  relying: Relying,
): Promise<Membership[]> {
  const found = await membershipsFor(runtime, user.id, relying);
  if (found.some(({ kind }) => kind === "personal")) return found;
  const { db, clock } = runtime;
  const name = cleanLine(`${user.name}’s workspace`, 80);
  const id = newId("workspace");
  const source = { ...from, requestId: null, actorKind: "user", actorId: user.id, keyId: null } as const;
  const [agreed] = await listConsents(db, user.id);
  const event: AuditEvent = {
    action: "account.created",
    resource: { kind: "user", id: user.id },
    ...(agreed ? { details: { policy_version: agreed.version } } : {}),
  };
  const audit = await auditStatements(runtime, id, source, event, "changed");
  await insertPersonalWorkspace(db, { id, name, userId: user.id, now: clock.now() }, audit);
  return membershipsFor(runtime, user.id, relying);
}

async function membershipsFor({ db, clock }: Runtime, userId: string, relying: Relying): Promise<Membership[]> {
  const now = clock.now();
  const recalled = relying.recall(memberships, userId, now);
  if (recalled) return recalled.own;
  const own = await membershipsOf(db, userId);
  remember(userId, own, now);
  return own;
}

/** The place of a person in one workspace, or undefined, by what is remembered where that is to be relied on. */
export async function placeIn(
  runtime: Runtime,
  { userId, workspaceId }: { userId: string; workspaceId: string },
  relying: Relying,
): Promise<Membership | undefined> {
  return (await membershipsFor(runtime, userId, relying)).find(({ id }) => id === workspaceId);
}

/** Whether visitors may talk in a workspace: it is there, and not suspended; by what is remembered where that is to be relied on. */
export async function isOpenToVisitors(runtime: Runtime, workspaceId: string, relying: Relying): Promise<boolean> {
  const now = runtime.clock.now();
  const recalled = relying.recall(openWorkspaces, workspaceId, now);
  if (recalled) return recalled.isOpen;
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

/** Who holds something open for as long as they may do `action` in their workspace. */
export interface Reader {
  holder: Holder;
  action: Action;
}

/** Whoever calls, as a reader of what lasts: no longer than the session that they call in. Throws `unauthenticated` for the product's own jobs. */
export function readerOf({ actor, session }: Caller, action: Action): Reader {
  const holder = holderOf(actor);
  if (!holder) throw new Problem("unauthenticated", "Sign in to do this.");
  return { holder: holder.kind === "user" && session ? { ...holder, sessionId: session.id } : holder, action };
}

/** Whether a reader is still let in, and may still do what they do. */
export const mayStillRead = async (runtime: Runtime, { holder, action }: Reader): Promise<boolean> => {
  if (!(await stillStands(runtime, holder))) return false;
  if (holder.kind === "visitor") return may("visitor", action);
  const place = await findReliably(runtime, (relying) => placeIn(runtime, holder, relying));
  return place !== undefined && (may(place.role, action) || (place.isSuperAdmin && may("super_admin", action)));
};

/** Whether a holder is still let in: a member who is not suspended, by a key or session that was not ended; a visitor of an open workspace. */
export const stillStands = (runtime: Runtime, holder: Holder): Promise<boolean> =>
  findReliably(runtime, async (relying) => {
    if (holder.kind === "visitor") return isOpenToVisitors(runtime, holder.workspaceId, relying);
    const { userId, keyId, sessionId } = holder;
    const membership = await placeIn(runtime, holder, relying);
    if (!membership || !stands(membership)) return false;
    if (sessionId !== undefined && !(await isLivingSession(runtime, { id: sessionId, userId }, relying))) return false;
    return keyId === null || isLivingKey(runtime, keyId, relying);
  });
