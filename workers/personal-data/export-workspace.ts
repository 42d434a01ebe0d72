import { iso } from "../platform/clock.ts";
import type { Runtime } from "../platform/runtime.ts";
import { type ZipEntry, zipped } from "../platform/zip-stream.ts";
import { recordAudit } from "../workspaces/audited.ts";
import { operation } from "../workspaces/operation.ts";
import { presentRetention } from "./change-retention.ts";
import { doors } from "./doors.ts";
import { findRetention } from "./retention-queries.ts";
import { allCaughtUp, contentsOf, requireFits, writtenTogether } from "./write-archive.ts";

async function* entriesOf(runtime: Runtime, workspaceId: string): AsyncGenerator<ZipEntry> {
  const head = { format: "understudy.workspace", version: 1, exported_at: iso(runtime.clock.now()) };
  const retention = presentRetention(await findRetention(runtime.db, workspaceId));
  yield* writtenTogether(runtime, [
    { "workspace.json": head },
    ...doors.map(({ ofWorkspace }) => ofWorkspace?.fields?.(runtime, workspaceId)),
    { "workspace.json": { retention } },
  ]);
  for (const { ofWorkspace } of doors) if (ofWorkspace?.files) yield* ofWorkspace.files(runtime, workspaceId);
  yield* contentsOf(runtime, { workspaceId, userId: null });
}

/**
 * A ZIP of everything that the actor's workspace has: its owner gets what the tenant has, members' own conversations and documents too.
 * Throws `payload_too_large` where the documents do not fit into one archive.
 */
export const exportWorkspace = operation({
  summary: "Take out everything that a workspace has",
  description:
    "A ZIP, written as it is read: settings, members, invitations, keys without their secrets, shares, the conversations of all members and visitors, the audit log, tests, usage, clones, and all documents with their files. The audit log tells of it.",
  tags: ["Workspaces"],
  action: "workspace.export",
  atWorkspace: true,
  audit: "workspace.exported",
  params: ["id"],
  async run(ctx) {
    const { workspaceId } = ctx.actor;
    await allCaughtUp(ctx);
    await requireFits(ctx.db, { workspaceId, userId: null });
    await recordAudit(ctx, { action: "workspace.exported", resource: { kind: "workspace", id: workspaceId } });
    return zipped(entriesOf(ctx, workspaceId));
  },
});
