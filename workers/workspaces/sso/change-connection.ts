import { notFound, Problem } from "../../platform/errors.ts";
import { withAudit } from "../audited.ts";
import type { Context, UserActor } from "../context.ts";
import type { ConnectionChanges } from "../sso-contract.ts";
import { type ConnectionRow, findConnection, updateConnection } from "./queries.ts";
import { settle } from "./settings.ts";

/** A connection of the actor's workspace. Throws `not_found`. */
export async function getConnection({ db, actor }: Context<UserActor>, id: string): Promise<ConnectionRow> {
  const row = await findConnection(db, { workspaceId: actor.workspaceId, id });
  if (!row) throw notFound("single sign-on");
  return row;
}

/** Changes a connection. Throws `not_found`, `validation_failed`, and `conflict` where somebody else changed it at the same time. */
export async function changeConnection(
  ctx: Context<UserActor>,
  id: string,
  changes: ConnectionChanges,
): Promise<ConnectionRow> {
  const was = await getConnection(ctx, id);
  const { name = was.name, default_role: defaultRole = was.defaultRole } = changes;
  const next = { name, defaultRole, ...(await settle(ctx, was, changes)) };
  const changed = await withAudit(ctx, updateConnection(ctx.db, was, next), {
    action: "sso.changed",
    resource: { kind: "sso_connection", id },
    details: { name, role: defaultRole, fields: Object.keys(changes).sort() },
  });
  if (changed.length === 0) throw new Problem("conflict", "Somebody else changed this at the same time. Look again.");
  return { ...was, ...next };
}
