import { notFound, Problem } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { withAudit } from "../audited.ts";
import type { Context, UserActor } from "../context.ts";
import { membershipIn } from "../queries.ts";
import type { ConnectionInput } from "../sso-contract.ts";
import { type ConnectionRow, insertConnection } from "./queries.ts";
import { noSettings, settle } from "./settings.ts";

/** How many ways of single sign-on one workspace may have. */
const most = 10;

/** Makes a connection, whole or as a draft. Throws `conflict` in a personal workspace and where there are too many; `validation_failed`. */
export async function createConnection(ctx: Context<UserActor>, input: ConnectionInput): Promise<ConnectionRow> {
  const { db, clock, actor } = ctx;
  const { workspaceId, userId } = actor;
  const own = await membershipIn(db, userId, workspaceId);
  if (!own) throw notFound("workspace");
  if (own.kind === "personal") {
    throw new Problem("conflict", "This is your personal workspace. Make a shared one for single sign-on.");
  }
  const { kind, name, default_role: defaultRole, ...settings } = input;
  const id = newId("sso");
  const row: ConnectionRow = {
    id,
    workspaceId,
    kind,
    name,
    defaultRole,
    ...(await settle(ctx, { id, kind, ...noSettings }, settings)),
    createdBy: userId,
    createdAt: clock.now(),
  };
  const made = await withAudit(ctx, insertConnection(db, row, most), {
    action: "sso.created",
    resource: { kind: "sso_connection", id },
    details: { name, kind, role: defaultRole },
  });
  if (made.length === 0) throw new Problem("conflict", `A workspace has at most ${most} ways of single sign-on.`);
  return row;
}
