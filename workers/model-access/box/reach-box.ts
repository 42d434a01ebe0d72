import { ollama } from "../../models/box.ts";
import type { Connection } from "../../models/ports/connection.ts";
import { Problem } from "../../platform/errors.ts";
import type { Context, UserActor } from "../../workspaces/context.ts";
import { isAllowed } from "../../workspaces/permissions.ts";
import { requireRunsInstallation, runsInstallation } from "../../workspaces/runs-installation.ts";
import { connectionsOf } from "../connections.ts";

/** What the box is reached by; null where there is none. */
export const findBox = (ctx: Context<UserActor>): Promise<Connection | null> =>
  connectionsOf(ctx, { workspaceId: ctx.actor.workspaceId, privacy: null }).reach(ollama);

/** Whether somebody may change what a box has: one that their workspace brought, as its owner; the installation's, as whoever runs that. */
export const mayChangeBox = async (ctx: Context<UserActor>, { payer }: Connection): Promise<boolean> =>
  isAllowed(ctx.actor, "box.write") && (payer === "workspace" || (await runsInstallation(ctx)));

/** What the box is reached by, for whoever may change what it has. Throws `not_found` where there is none, and `forbidden`. */
export async function boxToChange(ctx: Context<UserActor>): Promise<Connection> {
  const box = await findBox(ctx);
  if (!box)
    throw new Problem(
      "not_found",
      "There is no box here. Whoever runs the installation can set OLLAMA_BASE_URL, and a workspace can bring its own.",
    );
  if (box.payer === "installation") await requireRunsInstallation(ctx);
  return box;
}
