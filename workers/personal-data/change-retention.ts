import { iso } from "../platform/clock.ts";
import { withAudit } from "../workspaces/audited.ts";
import { operation } from "../workspaces/operation.ts";
import { type Retention, type RetentionInput, retention, retentionInput, tags } from "./retention-contract.ts";
import { findRetention, type KeptFor, type RetentionRow, setRetention } from "./retention-queries.ts";

/** For how long a setting that takes more than before takes nothing, in ms: a slip of the hand can be undone. */
const grace = 24 * 60 * 60 * 1000;

export const keptFor = ({ member_days, visitor_days, include_pinned }: RetentionInput): KeptFor => ({
  memberDays: member_days,
  visitorDays: visitor_days,
  includePinned: include_pinned,
});

export function presentRetention(row: RetentionRow | undefined): Retention {
  const { memberDays = null, visitorDays = null, includePinned = false } = row ?? {};
  const isSet = memberDays !== null || visitorDays !== null;
  return {
    member_days: memberDays,
    visitor_days: visitorDays,
    include_pinned: includePinned,
    effective_at: row && isSet ? iso(row.effectiveAt) : null,
  };
}

/** The cron deletes by it, from `effective_at` on. */
export const changeRetention = operation({
  summary: "Set how long a workspace keeps conversations",
  description:
    "What is older is deleted for good: messages, citations, shares. What is left out keeps them. A setting that takes more than before takes nothing for a day, until `effective_at`. See `/workspaces/{id}/retention/preview` first.",
  tags,
  action: "retention.write",
  atWorkspace: true,
  audit: "retention.changed",
  params: ["id"],
  input: retentionInput,
  output: retention,
  async run(ctx, { body }) {
    const { db, clock, actor } = ctx;
    const { workspaceId } = actor;
    const [changed] = await withAudit(ctx, setRetention(db, workspaceId, keptFor(body), clock.now() + grace), {
      action: "retention.changed",
      resource: { kind: "workspace", id: workspaceId },
      details: body,
    });
    return presentRetention(changed ?? (await findRetention(db, workspaceId)));
  },
});

export const readRetention = operation({
  summary: "How long a workspace keeps conversations",
  tags,
  action: "retention.read",
  atWorkspace: true,
  params: ["id"],
  output: retention,
  run: async ({ db, actor }) => presentRetention(await findRetention(db, actor.workspaceId)),
});
