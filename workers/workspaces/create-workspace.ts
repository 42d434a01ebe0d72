import { Problem } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import { audited } from "./audited.ts";
import type { Context, UserActor } from "./context.ts";
import type { Workspace } from "./contract.ts";
import { countOwned, insertTeamWorkspace } from "./queries.ts";
import { forgetStanding } from "./standing.ts";

/** How many shared workspaces one person may own. */
const mostOwned = 50;

/** Makes a shared workspace that the actor owns. Throws `conflict` where they own too many. */
export async function createWorkspace(ctx: Context<UserActor>, name: string): Promise<Workspace> {
  const { db, clock, actor } = ctx;
  if ((await countOwned(db, actor.userId)) >= mostOwned) {
    throw new Problem("conflict", `You own ${mostOwned} workspaces, which is the most. Delete one, or hand one over.`);
  }
  const id = newId("workspace");
  const event = { action: "workspace.created", resource: { kind: "workspace", id } } as const;
  const audit = await audited(ctx, event, { workspaceId: id });
  await insertTeamWorkspace(db, { id, name, userId: actor.userId, now: clock.now() }, audit);
  forgetStanding({ userId: actor.userId });
  return { id, name, kind: "team", role: "owner", suspended: false };
}
