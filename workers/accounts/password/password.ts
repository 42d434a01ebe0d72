import { refusedField } from "../../platform/errors.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { revokeApiKeys } from "../api-key-queries.ts";
import { type From, personAudit } from "../audit-person.ts";
import type { User } from "../contract.ts";
import { mails, sendNotice } from "../mails.ts";
import { deletePasskeys } from "../passkey-queries.ts";
import { confirmEmail, personByEmail, personById, storePassword } from "../person-queries.ts";
import { forgetSessions, type Session } from "../read-session.ts";
import { allowGuess } from "../session/attempts.ts";
import { deleteSessions } from "../session/session-queries.ts";
import { deleteFactor } from "../two-factor-queries.ts";
import { deadLink, issueToken, peekToken, takeToken, voidTokens } from "./one-time-tokens.ts";
import { requireGoodPassword } from "./password-rules.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";

/** Mails a link for a new password to an address that has an account. Meant to run after the answer, which must not depend on it. */
export async function mailPasswordReset(runtime: Runtime, email: string): Promise<void> {
  const { db } = runtime;
  const person = await personByEmail(db, email);
  if (!person || person.user.suspendedAt !== null) return;
  const owner = { userId: person.user.id, email: person.user.email };
  const token = await issueToken(db, "reset-password", owner, runtime.clock.now());
  if (token) await sendNotice(runtime, mails.resetPassword(runtime, person.user.email, token));
}

async function replacePassword(
  runtime: Runtime,
  user: { id: string; email: string },
  password: string,
  { from, by, keep }: { from: From; by: "mail" | "password"; keep?: string },
) {
  const { db } = runtime;
  const now = runtime.clock.now();
  const audit = await personAudit(runtime, user.id, from, { action: "password.changed", details: { by } });
  await storePassword(db, user.id, await hashPassword(password, runtime.config.SCRYPT_COST), now, audit);
  await Promise.all([voidTokens(db, "reset-password", user.id, now), deleteSessions(db, user.id, [], keep)]);
  forgetSessions((session) => session.user.id === user.id && session.id !== keep);
  await sendNotice(runtime, mails.passwordChanged(runtime, user.email));
}

async function dropOtherWaysIn(runtime: Runtime, userId: string, from: From): Promise<void> {
  const { db } = runtime;
  const all = { details: { which: "all" } };
  const [keys, passkeys] = await Promise.all([
    personAudit(runtime, userId, from, { action: "key.revoked", ...all }),
    personAudit(runtime, userId, from, { action: "passkey.removed", ...all }),
  ]);
  await db.batch([revokeApiKeys(db, userId, runtime.clock.now()), ...keys, deletePasskeys(db, userId), ...passkeys]);
  await deleteFactor(db, userId, []);
}

/**
 * Sets a new password by the token that was mailed, which is used up only once the password is good, and ends every session. The
 * token also shows that the address is the person's; the first time it does, keys, passkeys and a second factor go that were set up before.
 * Returns their id. Throws `validation_failed`.
 */
export async function resetPassword(runtime: Runtime, token: string, password: string, from: From): Promise<string> {
  const { db } = runtime;
  const peeked = await peekToken(db, "reset-password", token, runtime.clock.now());
  const person = peeked && (await personById(db, peeked.userId));
  if (!person) throw deadLink();
  await requireGoodPassword(password, person.user);
  const owner = await takeToken(db, "reset-password", token, runtime.clock.now());
  if (!owner) throw deadLink();
  await replacePassword(runtime, person.user, password, { from, by: "mail" });
  // Until now anybody may have signed up with this address: nothing that they set up stays a way in. Their sessions have ended, so
  // that nothing is added behind this.
  if (!person.user.emailVerified) await dropOtherWaysIn(runtime, owner.userId, from);
  await confirmEmail(db, owner.userId, owner.email, runtime.clock.now(), []);
  return owner.userId;
}

/** Changes the password of who knows the present one, and ends every session but theirs. Throws `validation_failed`. */
export async function changePassword(
  runtime: Runtime,
  session: Session,
  { current_password, new_password }: { current_password: string; new_password: string },
  from: From,
): Promise<void> {
  const user = await requirePassword(runtime, session.user, current_password, "current_password");
  await requireGoodPassword(new_password, user, "new_password");
  await replacePassword(runtime, user, new_password, { from, by: "password", keep: session.id });
}

/**
 * For what a session alone is not enough for. Guesses count with those of the person's own devices. Throws `validation_failed` on the
 * field `path` where the password is wrong, and `rate_limited` after several of those.
 */
export async function requirePassword(
  runtime: Runtime,
  { id }: Pick<User, "id">,
  password: string,
  path = "password",
): Promise<{ id: string; email: string; name: string }> {
  const person = await personById(runtime.db, id);
  const account = person?.user.email ?? id;
  const guess = await allowGuess(runtime, { what: "password", account, isOwnDevice: true });
  if (!person?.passwordHash || !(await verifyPassword({ hash: person.passwordHash, password })))
    throw refusedField(path, "This is not your password.");
  await guess.wasRight();
  return person.user;
}
