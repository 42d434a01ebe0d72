import { notFound, Problem } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { withAudit } from "../audited.ts";
import { operation } from "../operation.ts";
import { membershipIn } from "../queries.ts";
import { connection, connectionInput, tags } from "../sso-contract.ts";
import { presentConnection } from "./present.ts";
import { type ConnectionRow, insertConnection } from "./queries.ts";
import { noSettings, settle } from "./settings.ts";

/** How many ways of single sign-on one workspace may have. */
const most = 10;

/** Whole, or as a draft. Throws `conflict` in a personal workspace and where there are too many; `validation_failed`. */
export const createConnection = operation({
  summary: "Let people sign in by their organisation",
  description:
    "By OpenID Connect or SAML 2.0, in shared workspaces. Without the provider’s settings it is a draft, whose `service` says what is entered at the provider.",
  tags,
  action: "sso.write",
  atWorkspace: true,
  audit: "sso.created",
  params: ["id"],
  input: connectionInput,
  output: connection,
  async run(ctx, { body: input }) {
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
    return presentConnection(ctx, row, []);
  },
});
