import { forgetEverywhere } from "../platform/changes/changes.ts";
import { iso } from "../platform/clock.ts";
import { notFound } from "../platform/errors.ts";
import type { Runtime } from "../platform/runtime.ts";
import { personAudit } from "./audit-person.ts";
import { type SessionEntry, sessionList, tags } from "./contract.ts";
import { ownOperation } from "./operation.ts";
import type { Session } from "./read-session.ts";
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

export const readSessions = ownOperation({
  summary: "List where you are signed in",
  tags,
  output: sessionList,
  run: async (call) => ({ data: await listSessions(call, call.session), next_cursor: null }),
});

/** Throws `not_found` for one that is not theirs. */
export const endSession = ownOperation({
  summary: "Sign out somewhere",
  tags,
  audit: "session.ended",
  params: ["id"],
  done: "That session has ended.",
  async run(call, { params: { id } }) {
    const { user } = call.session;
    const event = { action: "session.ended", details: { which: "one" } } as const;
    const audit = await personAudit(call, user.id, call.from, event);
    if (!(await deleteSession(call.db, { id, userId: user.id }, audit))) throw notFound("session");
    await forgetEverywhere(call, [`session:${id}`]);
  },
});

export const endOtherSessions = ownOperation({
  summary: "Sign out everywhere else",
  tags,
  audit: "session.ended",
  done: "Only this session is left.",
  async run(call) {
    const current = call.session;
    const event = { action: "session.ended", details: { which: "others" } } as const;
    const audit = await personAudit(call, current.user.id, call.from, event);
    await deleteSessions(call.db, current.user.id, audit, current.id);
    await forgetEverywhere(call, [`user:${current.user.id}`]);
  },
});
