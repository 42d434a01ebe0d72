import { iso } from "../../platform/clock.ts";
import { notFound, Problem } from "../../platform/errors.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { type From, personAudit } from "../audit-person.ts";
import { mails, sendNotice } from "../mails.ts";
import type { Passkey } from "../passkey-contract.ts";
import { deletePasskey, findPasskey, listPasskeyRows, type PasskeyRow, storePasskeyName } from "../passkey-queries.ts";
import type { Session } from "../read-session.ts";

/** A passkey as the API shows one. */
export function toPasskey({ id, name, backedUp, createdAt, lastUsedAt }: PasskeyRow): Passkey {
  return {
    id,
    name,
    backed_up: backedUp,
    created_at: iso(createdAt),
    last_used_at: lastUsedAt === null ? null : iso(lastUsedAt),
  };
}

export async function listPasskeys({ db }: Runtime, { user }: Session): Promise<Passkey[]> {
  return (await listPasskeyRows(db, user.id)).map(toPasskey);
}

/** Throws `not_found` for one that is not theirs. */
export async function renamePasskey(
  runtime: Runtime,
  { user }: Session,
  { id, name }: { id: string; name: string },
  from: From,
): Promise<Passkey> {
  const audit = await personAudit(runtime, user.id, from, { action: "passkey.renamed", details: { name } });
  const row = await storePasskeyName(runtime.db, { id, userId: user.id }, name, audit);
  if (!row) throw notFound("passkey");
  return toPasskey(row);
}

/** Throws `not_found` for one that is not theirs, and `conflict` for the last way into the account. */
export async function removePasskey(runtime: Runtime, { user }: Session, id: string, from: From): Promise<void> {
  const { db } = runtime;
  const which = { id, userId: user.id };
  const row = await findPasskey(db, which);
  if (!row) throw notFound("passkey");
  const event = { action: "passkey.removed", details: { name: row.name } } as const;
  if (!(await deletePasskey(db, which, await personAudit(runtime, user.id, from, event)))) {
    if (!(await findPasskey(db, which))) throw notFound("passkey");
    throw new Problem(
      "conflict",
      "Nothing else lets you in. Add another passkey, or choose a password under “Forgot your password?”, first.",
    );
  }
  await sendNotice(runtime, mails.passkeyRemoved(runtime, user.email, row.name));
}
