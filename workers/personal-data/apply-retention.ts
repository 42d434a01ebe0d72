import { auditStatements } from "../audit/record.ts";
import { retireConversation } from "../chat/personal-data.ts";
import { listDue } from "../chat/retention-queries.ts";
import type { Runtime } from "../platform/runtime.ts";
import { listDueRetentions, noteRun, periodsOf, type RetentionRow, removeByAge } from "./retention-queries.ts";

/** How many workspaces one run of the cron takes, and how many conversations of each, so that it stays within what one call may do. */
const [workspacesAtOnce, batch] = [3, 100];
const source = {
  actorKind: "job",
  actorId: "retention",
  keyId: null,
  address: null,
  agent: null,
  requestId: null,
} as const;

/** Deletes some of what is too old in a workspace. May be repeated after a crash at any place: an object is emptied before its rows go. */
async function applyTo(runtime: Runtime, setting: RetentionRow): Promise<void> {
  const { db, clock, log } = runtime;
  const now = clock.now();
  const { workspaceId, memberDays, visitorDays } = setting;
  const retired: { id: string; visitorId: string | null }[] = [];
  for (const due of await listDue(db, workspaceId, periodsOf(setting), now, batch)) {
    // D1 learns a moment later that a question was asked; the object knows at once.
    if (await retireConversation(runtime, due.id)) retired.push(due);
  }
  if (retired.length === 0) return noteRun(db, workspaceId, now);
  const ids = retired.map(({ id }) => id);
  const visitors = retired.filter(({ visitorId }) => visitorId !== null).length;
  const event = {
    action: "retention.applied",
    resource: { kind: "workspace", id: workspaceId },
    details: {
      members: ids.length - visitors,
      visitors,
      member_days: memberDays,
      visitor_days: visitorDays,
      ids,
    },
  } as const;
  const audit = await auditStatements(runtime, workspaceId, source, event, "changed");
  const conversations = await removeByAge(db, setting, { ids, now, audit });
  if (conversations > 0) log.info("retention_applied", { workspace_id: workspaceId, conversations });
}

/** Deletes what workspaces keep no longer, a batch of each at a time. Repeated by the cron. */
export async function applyRetention(runtime: Runtime): Promise<void> {
  const { db } = runtime;
  for (const setting of await listDueRetentions(db, runtime.clock.now(), workspacesAtOnce)) {
    try {
      await applyTo(runtime, setting);
    } catch (error) {
      // The others must not wait for it; the next run tries again, after them.
      runtime.log.error("retention_interrupted", error, { workspace_id: setting.workspaceId });
      await noteRun(db, setting.workspaceId, runtime.clock.now());
    }
  }
}
