import { Problem } from "../platform/errors.ts";
import type { Context, UserActor } from "./context.ts";
import { hasSuperAdmin } from "./queries.ts";

/** Whether somebody runs the installation: a super admin. On one that has none, such as one's own laptop, its owners run it. */
export const runsInstallation = async ({ db, actor }: Context<UserActor>): Promise<boolean> =>
  actor.isSuperAdmin || (actor.role === "owner" && !(await hasSuperAdmin(db)));

/** Refuses what is for whoever runs the installation. Throws `forbidden`. */
export async function requireRunsInstallation(ctx: Context<UserActor>): Promise<void> {
  if (await runsInstallation(ctx)) return;
  throw new Problem("forbidden", "This is for whoever runs the installation. Ask them.");
}
