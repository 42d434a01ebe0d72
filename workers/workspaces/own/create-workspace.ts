import { forgetEverywhere } from "../../platform/changes/changes.ts";
import { Problem } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { audited } from "../audited.ts";
import { tags, workspace, workspaceInput } from "../contract.ts";
import { operation } from "../operation.ts";
import { countOwned, insertTeamWorkspace } from "../queries.ts";

/** How many shared workspaces one person may own. */
const mostOwned = 50;

/** The caller owns it. Throws `conflict` where they own too many. */
export const createWorkspace = operation({
  summary: "Make a workspace to share with others",
  tags,
  action: null,
  inPerson: true,
  audit: "workspace.created",
  input: workspaceInput,
  output: workspace,
  async run(ctx, { body: { name } }) {
    const { db, clock, actor } = ctx;
    if ((await countOwned(db, actor.userId)) >= mostOwned) {
      throw new Problem(
        "conflict",
        `You own ${mostOwned} workspaces, which is the most. Delete one, or hand one over.`,
      );
    }
    const id = newId("workspace");
    const event = { action: "workspace.created", resource: { kind: "workspace", id } } as const;
    const audit = await audited(ctx, event, { workspaceId: id });
    await insertTeamWorkspace(db, { id, name, userId: actor.userId, now: clock.now() }, audit);
    await forgetEverywhere(ctx, [`user:${actor.userId}`]);
    return { id, name, kind: "team" as const, role: "owner" as const, suspended: false };
  },
});
