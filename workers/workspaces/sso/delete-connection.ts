import { removeLinks } from "../../accounts/providers/oauth-queries.ts";
import { audited } from "../audited.ts";
import { operation } from "../operation.ts";
import { tags } from "../sso-contract.ts";
import { linksOf } from "./links.ts";
import { removeConnection } from "./queries.ts";
import { getConnection } from "./read-connections.ts";

/** Ends a connection: nobody signs in by it any more, its domains are free. Accounts stay, as do the sessions that are open. Throws `not_found`. */
export const deleteConnection = operation({
  summary: "End a single sign-on",
  tags,
  action: "sso.write",
  atWorkspace: true,
  audit: "sso.deleted",
  params: ["id", "connection_id"],
  done: "Nobody signs in by it any more.",
  async run(ctx, { params: { connection_id: id } }) {
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
  },
});
