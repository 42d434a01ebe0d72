import { Problem } from "../../platform/errors.ts";
import { withAudit } from "../audited.ts";
import { operation } from "../operation.ts";
import { connection, connectionChanges, tags } from "../sso-contract.ts";
import { updateConnection } from "./queries.ts";
import { getConnection, shownConnection } from "./read-connections.ts";
import { settle } from "./settings.ts";

/** Throws `not_found`, `validation_failed`, and `conflict` where somebody else changed it at the same time. */
export const changeConnection = operation({
  summary: "Change a single sign-on",
  description: "Another issuer takes the client secret again. Its people are then recognised by their addresses.",
  tags,
  action: "sso.write",
  atWorkspace: true,
  audit: "sso.changed",
  params: ["id", "connection_id"],
  input: connectionChanges,
  output: connection,
  async run(ctx, { params, body: changes }) {
    const was = await getConnection(ctx, params.connection_id);
    const { name = was.name, default_role: defaultRole = was.defaultRole } = changes;
    const next = { name, defaultRole, ...(await settle(ctx, was, changes)) };
    const changed = await withAudit(ctx, updateConnection(ctx.db, was, next), {
      action: "sso.changed",
      resource: { kind: "sso_connection", id: was.id },
      details: { name, role: defaultRole, fields: Object.keys(changes).sort() },
    });
    if (changed.length === 0) throw new Problem("conflict", "Somebody else changed this at the same time. Look again.");
    return shownConnection(ctx, { ...was, ...next });
  },
});
