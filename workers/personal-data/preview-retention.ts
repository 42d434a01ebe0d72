import { countOldPinned, previewDue } from "../chat/retention-queries.ts";
import { iso } from "../platform/clock.ts";
import { recordAudit } from "../workspaces/audited.ts";
import type { Context, UserActor } from "../workspaces/context.ts";
import { keptFor } from "./change-retention.ts";
import type { RetentionInput, RetentionPreview } from "./retention-contract.ts";
import { periodsOf } from "./retention-queries.ts";

/** What a setting would delete today in the actor's workspace; nothing goes. The log tells of it, as titles are others' own words. */
export async function previewRetention(ctx: Context<UserActor>, input: RetentionInput): Promise<RetentionPreview> {
  const { db, actor } = ctx;
  const { workspaceId } = actor;
  const periods = periodsOf(keptFor(input));
  const now = ctx.clock.now();
  const of = async (whose: "members" | "visitors") => {
    const { count, oldest } = await previewDue(db, workspaceId, { periods, now, whose });
    const shown = oldest.map(({ id, title, activeAt }) => ({ id, title, last_active_at: iso(activeAt) }));
    return { conversations: count, oldest: shown };
  };
  const [members, visitors, pinned] = await Promise.all([
    of("members"),
    of("visitors"),
    input.include_pinned ? 0 : countOldPinned(db, workspaceId, periods, now),
  ]);
  await recordAudit(ctx, {
    action: "retention.previewed",
    resource: { kind: "workspace", id: workspaceId },
    details: { ...input, conversations: members.conversations + visitors.conversations },
  });
  return { members, visitors, pinned };
}
