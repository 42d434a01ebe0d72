import type { From } from "../../accounts/audit-person.ts";
import type { OAuthRefusal } from "../../accounts/providers/oauth-refusal.ts";
import { auditStatements } from "../../audit/record.ts";
import type { Runtime } from "../../platform/runtime.ts";
import type { ConnectionRow } from "./queries.ts";

const longest = 200;

/** Tells the workspace's log why a sign-in by its connection came to nothing, so that whoever looks after it can mend it. */
export async function tellRefusal(
  runtime: Runtime,
  { id, workspaceId, name }: ConnectionRow,
  { reason, cause }: OAuthRefusal,
  from: From,
): Promise<void> {
  if (reason === "cancelled") return;
  const { db } = runtime;
  const why = cause instanceof Error ? cause.message.slice(0, longest) : null;
  const event = {
    action: "sso.refused",
    resource: { kind: "sso_connection", id },
    details: { name, reason, why },
  } as const;
  const source = { ...from, actorKind: "nobody", actorId: null, keyId: null } as const;
  await db.batch(await auditStatements({ ...runtime, db }, workspaceId, source, event));
}
