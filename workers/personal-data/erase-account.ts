import { type From, personAudit } from "../accounts/audit-person.ts";
import { mails, sendNotice } from "../accounts/mails.ts";
import { forgetSessions, type Session } from "../accounts/read-session.ts";
import { requireBoth } from "../accounts/two-factor.ts";
import { Problem } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import type { Context, UserActor } from "../workspaces/context.ts";
import { membershipsOf, selectOwnedWithOthers } from "../workspaces/queries.ts";
import { forgetStanding } from "../workspaces/standing.ts";
import { closeAccount } from "./closing-queries.ts";
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

/**
 * Closes the account for good, at once; the cron removes what it had. Returns the token that the erasure is read with. Throws
 * `validation_failed` for a wrong password or code, and `conflict` for the owner of a shared workspace with others.
 */
export async function eraseAccount(
  ctx: Context<UserActor>,
  session: Session,
  { from, ...both }: { from: From; password: string; code?: string | undefined },
): Promise<string> {
  const { db, clock, actor } = ctx;
  // Before the code, which counts once.
  await requireNoOthers(ctx);
  await requireBoth(ctx, session, both);
  const of = { id: newId("erasure"), userId: actor.userId };
  const known = await membershipsOf(db, actor.userId);
  const audit = await personAudit(ctx, actor.userId, from, { action: "account.erased" });
  if (!(await closeAccount(db, of, { now: clock.now(), audit }))) {
    await requireNoOthers(ctx);
    throw new Problem("conflict", "This account is being erased already.");
  }
  forgetSessions(({ user }) => user.id === actor.userId);
  forgetStanding({ userId: actor.userId });
  for (const { id } of known) forgetStanding({ workspaceId: id });
  ctx.log.info("erasure_requested", { erasure_id: of.id });
  const token = await erasureToken(ctx.config, of.id, clock.now());
  await sendNotice(ctx, mails.accountErased(ctx, session.user.email, token));
  return token;
}
