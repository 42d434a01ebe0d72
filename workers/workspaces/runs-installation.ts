import { Problem } from "../platform/errors.ts";
import type { Context, UserActor } from "./context.ts";
import { hasSuperAdmin } from "./queries.ts";

/**
 * Refuses an owner what is for whoever runs the installation, where somebody does: a super admin. On an installation that has none, such as one's own laptop, its owners run
 * it. Throws `forbidden`.
 */
export async function requireRunsInstallation({ db, actor }: Context<UserActor>): Promise<void> {
  if (actor.isSuperAdmin || !(await hasSuperAdmin(db))) return;
  throw new Problem("forbidden", "This is for whoever runs the installation. Ask them.");
}
