import { iso } from "../platform/clock.ts";
import { notFound } from "../platform/errors.ts";
import type { Runtime } from "../platform/runtime.ts";
import { type From, personAudit } from "./audit-person.ts";
import type { SessionEntry } from "./contract.ts";
import { forgetSessions, type Session } from "./read-session.ts";
import { deviceName } from "./session/device-name.ts";
import { deleteSession, deleteSessions, selectSessions } from "./session/session-queries.ts";

/** Enough for every device that a person has; the oldest beyond it are there, but not shown. */
const most = 100;

/** A person's living sessions, the one that asks first, then by their last use. */
export async function listSessions({ db, clock }: Runtime, current: Session): Promise<SessionEntry[]> {
  const rows = await selectSessions(db, current.user.id, { first: current.id, most }, clock.now());
  return rows.map((row) => ({
    id: row.id,
    current: row.id === current.id,
    device: deviceName(row.userAgent),
    ip_address: row.ipAddress || null,
    created_at: iso(row.createdAt.getTime()),
    last_used_at: iso(row.lastUsedAt ?? row.createdAt.getTime()),
    expires_at: iso(row.expiresAt.getTime()),
  }));
}

/** Ends one of a person's sessions. Throws `not_found` for one that is not theirs. */
export async function endSession(runtime: Runtime, { user }: Session, id: string, from: From): Promise<void> {
  const event = { action: "session.ended", details: { which: "one" } } as const;
  const audit = await personAudit(runtime, user.id, from, event);
  if (!(await deleteSession(runtime.db, { id, userId: user.id }, audit))) throw notFound("session");
  forgetSessions((session) => session.id === id);
}

/** Ends all of a person's sessions but the one that asks. */
export async function endOtherSessions(runtime: Runtime, current: Session, from: From): Promise<void> {
  const event = { action: "session.ended", details: { which: "others" } } as const;
  const audit = await personAudit(runtime, current.user.id, from, event);
  await deleteSessions(runtime.db, current.user.id, audit, current.id);
  forgetSessions(({ id, user }) => user.id === current.user.id && id !== current.id);
}
