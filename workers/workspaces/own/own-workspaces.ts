import { forgetEverywhere } from "../../platform/changes/changes.ts";
import { notFound } from "../../platform/errors.ts";
import { actIn } from "../act-in.ts";
import { withAudit } from "../audited.ts";
import type { Context, UserActor } from "../context.ts";
import { switchInput, tags, type Workspace, workspace, workspaceInput, workspaceList } from "../contract.ts";
import { operation } from "../operation.ts";
import { presentWorkspace } from "../present.ts";
import { membershipIn, membershipsOf, renameWorkspace as rename } from "../queries.ts";

export const listWorkspaces = operation({
  summary: "Your workspaces, the personal one first",
  tags,
  action: null,
  inPerson: true,
  output: workspaceList,
  async run({ db, actor }) {
    const own = await membershipsOf(db, actor.userId);
    return { data: own.map(presentWorkspace), next_cursor: null };
  },
});

/** Comes to the workspace’s id, which a browser’s cookie remembers. Throws `not_found`. */
export const chooseWorkspace = operation({
  summary: "Choose the workspace that the app shows",
  description: "Sets a cookie, for pages. Programs send `X-Workspace-Id` instead.",
  tags,
  action: null,
  inPerson: true,
  audit: { nothing: "a cookie is set" },
  input: switchInput,
  async run(ctx, { body }) {
    const { actor } = await actIn(ctx, body.workspace_id, null);
    return actor.workspaceId;
  },
});

/** The workspace that is acted in. Throws `not_found`. */
async function shownHere({ db, actor }: Context<UserActor>): Promise<Workspace> {
  const own = await membershipIn(db, actor.userId, actor.workspaceId);
  if (!own) throw notFound("workspace");
  return presentWorkspace(own);
}

export const readWorkspace = operation({
  summary: "Read a workspace",
  tags,
  action: "workspace.read",
  atWorkspace: true,
  params: ["id"],
  output: workspace,
  run: shownHere,
});

export const renameWorkspace = operation({
  summary: "Rename a workspace",
  tags,
  action: "workspace.rename",
  atWorkspace: true,
  audit: "workspace.renamed",
  params: ["id"],
  input: workspaceInput,
  output: workspace,
  async run(ctx, { body: { name } }) {
    const { workspaceId } = ctx.actor;
    await withAudit(ctx, rename(ctx.db, workspaceId, name), {
      action: "workspace.renamed",
      resource: { kind: "workspace", id: workspaceId },
    });
    await forgetEverywhere(ctx, [`workspace:${workspaceId}`]);
    return shownHere(ctx);
  },
});
