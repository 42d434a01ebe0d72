import { countOldPinned, previewDue } from "../chat/retention-queries.ts";
import { iso } from "../platform/clock.ts";
import { recordAudit } from "../workspaces/audited.ts";
import { operation } from "../workspaces/operation.ts";
import { keptFor } from "./change-retention.ts";
import { retentionInput, retentionPreview, tags } from "./retention-contract.ts";
import { periodsOf } from "./retention-queries.ts";

export const previewRetention = operation({
  summary: "What a setting would delete today",
  description: "Nothing is deleted. The audit log tells of it, as it shows titles of others’ conversations.",
  tags,
  action: "retention.write",
  atWorkspace: true,
  audit: "retention.previewed",
  params: ["id"],
  input: retentionInput,
  output: retentionPreview,
  async run(ctx, { body: input }) {
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
  },
});
