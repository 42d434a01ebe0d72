import { ollama } from "../../models/box.ts";
import type { Connection } from "../../models/ports/connection.ts";
import { Problem } from "../../platform/errors.ts";
import type { Context, UserActor } from "../../workspaces/context.ts";
import { requireRunsInstallation } from "../../workspaces/runs-installation.ts";
import { connectionsOf } from "../connections.ts";

/** What the box is reached by; null where there is none. */
export const findBox = (ctx: Context<UserActor>): Promise<Connection | null> =>
  connectionsOf(ctx, { workspaceId: ctx.actor.workspaceId, privacy: null }).reach(ollama);

/** What the box is reached by, for whoever may change what it has. Throws `not_found` where there is none, and `forbidden`. */
export async function boxToChange(ctx: Context<UserActor>): Promise<Connection> {
  const box = await findBox(ctx);
  if (!box) throw new Problem("not_found", "This installation has no box. Whoever runs it can set OLLAMA_BASE_URL.");
  await requireRunsInstallation(ctx);
  return box;
}
