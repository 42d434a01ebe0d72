import { iso } from "../../platform/clock.ts";
import { notFound, Problem } from "../../platform/errors.ts";
import { personAudit } from "../audit-person.ts";
import { tags } from "../contract.ts";
import { mails, sendNotice } from "../mails.ts";
import { ownOperation } from "../operation.ts";
import { type Passkey, passkey, passkeyList, renamePasskeyInput } from "../passkey-contract.ts";
import { deletePasskey, findPasskey, listPasskeyRows, type PasskeyRow, storePasskeyName } from "../passkey-queries.ts";

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

export const listPasskeys = ownOperation({
  summary: "List your passkeys",
  tags,
  output: passkeyList,
  async run({ db, session }) {
    return { data: (await listPasskeyRows(db, session.user.id)).map(toPasskey), next_cursor: null };
  },
});

/** Throws `not_found` for one that is not theirs. */
export const renamePasskey = ownOperation({
  summary: "Rename a passkey",
  tags,
  audit: "passkey.renamed",
  params: ["id"],
  input: renamePasskeyInput,
  output: passkey,
  async run(call, { params: { id }, body: { name } }) {
    const { db, from, session } = call;
    const userId = session.user.id;
    const audit = await personAudit(call, userId, from, { action: "passkey.renamed", details: { name } });
    const row = await storePasskeyName(db, { id, userId }, name, audit);
    if (!row) throw notFound("passkey");
    return toPasskey(row);
  },
});

/** Throws `not_found` for one that is not theirs, and `conflict` for the last way into the account. */
export const removePasskey = ownOperation({
  summary: "Remove a passkey",
  description: "Refused where nothing else lets you in.",
  tags,
  audit: "passkey.removed",
  params: ["id"],
  done: "It opens nothing any more.",
  async run(call, { params: { id } }) {
    const { db, from, session } = call;
    const { user } = session;
    const which = { id, userId: user.id };
    const row = await findPasskey(db, which);
    if (!row) throw notFound("passkey");
    const event = { action: "passkey.removed", details: { name: row.name } } as const;
    if (!(await deletePasskey(db, which, await personAudit(call, user.id, from, event)))) {
      if (!(await findPasskey(db, which))) throw notFound("passkey");
      throw new Problem(
        "conflict",
        "Nothing else lets you in. Add another passkey, or choose a password under “Forgot your password?”, first.",
      );
    }
    await sendNotice(call, mails.passkeyRemoved(call, user.email, row.name));
  },
});
