import type { AccountCall } from "../../accounts/operation.ts";
import type { OAuthRefusal } from "../../accounts/providers/oauth-refusal.ts";
import { auditStatements } from "../../audit/record.ts";
import type { ConnectionRow } from "./queries.ts";

const longest = 200;

/** What tells the workspace's log why a sign-in by its connection came to nothing, so that whoever looks after it can mend it. */
export const tellRefusal =
  (call: AccountCall, { id, workspaceId, name }: ConnectionRow) =>
  async ({ reason, cause }: OAuthRefusal): Promise<void> => {
    if (reason === "cancelled") return;
    const why = cause instanceof Error ? cause.message.slice(0, longest) : null;
    const event = {
      action: "sso.refused",
      resource: { kind: "sso_connection", id },
      details: { name, reason, why },
    } as const;
    const source = { ...call.from, actorKind: "nobody", actorId: null, keyId: null } as const;
    await call.db.batch(await auditStatements(call, workspaceId, source, event));
  };
