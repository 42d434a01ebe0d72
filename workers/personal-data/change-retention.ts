import { iso } from "../platform/clock.ts";
import { withAudit } from "../workspaces/audited.ts";
import type { Context, UserActor } from "../workspaces/context.ts";
import type { Retention, RetentionInput } from "./retention-contract.ts";
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

/** Sets how long the actor's workspace keeps conversations; the cron deletes by it, from `effective_at` on. */
export async function changeRetention(ctx: Context<UserActor>, input: RetentionInput): Promise<Retention> {
  const { db, clock, actor } = ctx;
  const { workspaceId } = actor;
  const [changed] = await withAudit(ctx, setRetention(db, workspaceId, keptFor(input), clock.now() + grace), {
    action: "retention.changed",
    resource: { kind: "workspace", id: workspaceId },
    details: input,
  });
  return presentRetention(changed ?? (await findRetention(db, workspaceId)));
}
