import { forgetEverywhere } from "../../platform/changes/changes.ts";
import { iso } from "../../platform/clock.ts";
import { notFound } from "../../platform/errors.ts";
import { paged } from "../../platform/http/paging.ts";
import { withAudit } from "../audited.ts";
import {
  platformQuery,
  platformWorkspacePage,
  suspensionEnds,
  suspensionInput,
  platformTags as tags,
} from "../contract.ts";
import { operation } from "../operation.ts";
import { listAllWorkspaces, suspendWorkspace as suspend } from "./platform-queries.ts";

export const listWorkspaces = operation({
  summary: "All workspaces, newest first",
  tags,
  action: "platform.read",
  query: platformQuery,
  output: platformWorkspacePage,
  async run({ db }, { query: { query, ...page } }) {
    const { rows, next_cursor } = await paged(
      page,
      (from) => listAllWorkspaces(db, { query, ...from }),
      ({ createdAt, id }) => [createdAt, id],
    );
    const data = rows.map(({ createdAt, suspendedAt, ...row }) => ({
      ...row,
      suspended: suspendedAt !== null,
      created_at: iso(createdAt),
    }));
    return { data, next_cursor };
  },
});

export const suspendWorkspace = operation({
  summary: "Suspend a workspace, or let it go on",
  description: suspensionEnds,
  tags,
  action: "platform.suspend",
  audit: ["workspace.suspended", "workspace.resumed"],
  params: ["id"],
  input: suspensionInput,
  done: "Done.",
  async run(ctx, { params: { id }, body: { suspended } }) {
    const action = suspended ? "workspace.suspended" : "workspace.resumed";
    const event = { action, resource: { kind: "workspace", id } } as const;
    const change = suspend(ctx.db, id, suspended ? ctx.clock.now() : null);
    const changed = await withAudit(ctx, change, event, { workspaceId: id });
    if (changed.length === 0) throw notFound("workspace");
    await forgetEverywhere(ctx, [`workspace:${id}`]);
  },
});
