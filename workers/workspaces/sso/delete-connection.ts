import { removeLinks } from "../../accounts/providers/oauth-queries.ts";
import { audited } from "../audited.ts";
import type { Context, UserActor } from "../context.ts";
import { getConnection } from "./change-connection.ts";
import { linksOf } from "./links.ts";
import { removeConnection } from "./queries.ts";

/** Ends a connection: nobody signs in by it any more, its domains are free. Accounts stay, as do the sessions that are open. Throws `not_found`. */
export async function deleteConnection(ctx: Context<UserActor>, id: string): Promise<void> {
  const { db, actor } = ctx;
  const { name, kind } = await getConnection(ctx, id);
  const audit = await audited(
    ctx,
    { action: "sso.deleted", resource: { kind: "sso_connection", id }, details: { name, kind } },
    { condition: "changed" },
  );
  await db.batch([
    removeConnection(db, { workspaceId: actor.workspaceId, id }),
    ...audit,
    removeLinks(db, linksOf(id)),
  ]);
}
