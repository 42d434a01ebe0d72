import { personAudit } from "../accounts/audit-person.ts";
import { bothInput } from "../accounts/contract.ts";
import { mails, sendNotice } from "../accounts/mails.ts";
import { requireBoth } from "../accounts/two-factor.ts";
import { forgetEverywhere } from "../platform/changes/changes.ts";
import { Problem } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import { whenceOf } from "../workspaces/audited.ts";
import type { Context, UserActor } from "../workspaces/context.ts";
import { operation } from "../workspaces/operation.ts";
import { sessionOf } from "../workspaces/permissions.ts";
import { membershipsOf, selectOwnedWithOthers } from "../workspaces/queries.ts";
import { closeAccount } from "./closing-queries.ts";
import { erasureStarted } from "./contract.ts";
import { erasureToken } from "./erasure-record.ts";

async function requireNoOthers({ db, actor }: Context<UserActor>): Promise<void> {
  const owned = await selectOwnedWithOthers(db, actor.userId);
  if (owned.length === 0) return;
  const names = owned.map(({ name }) => `“${name}”`).join(", ");
  throw new Problem(
    "conflict",
    `You own ${names}, where others work too. Hand it over to one of them, or delete it, first.`,
  );
}

/** The cron removes what it had. Throws `validation_failed` for a wrong password or code, and `conflict` for the owner of a shared workspace with others. */
export const eraseAccount = operation({
  summary: "Erase your account",
  description:
    "At once: nothing opens the account any more, your own workspaces are closed and all others left. Within some time everything in them is removed, and all your conversations and private documents elsewhere. Refused while you own a shared workspace with others in it. Takes the password, and a code where the second factor is on. There is no way back.",
  tags: ["Accounts"],
  action: null,
  inPerson: true,
  audit: "account.erased",
  input: bothInput,
  output: erasureStarted,
  async run(ctx, { body }) {
    const { db, clock, actor } = ctx;
    const session = sessionOf(ctx);
    // Before the code, which counts once.
    await requireNoOthers(ctx);
    await requireBoth(ctx, session, body);
    const of = { id: newId("erasure"), userId: actor.userId };
    const known = await membershipsOf(db, actor.userId);
    const audit = await personAudit(ctx, actor.userId, whenceOf(ctx), { action: "account.erased" });
    if (!(await closeAccount(db, of, { now: clock.now(), audit }))) {
      await requireNoOthers(ctx);
      throw new Problem("conflict", "This account is being erased already.");
    }
    await forgetEverywhere(ctx, [`user:${actor.userId}`, ...known.map(({ id }) => `workspace:${id}`)]);
    ctx.log.info("erasure_requested", { erasure_id: of.id });
    const token = await erasureToken(ctx.config, of.id, clock.now());
    await sendNotice(ctx, mails.accountErased(ctx, session.user.email, token));
    return { status: "running" as const, token };
  },
});
