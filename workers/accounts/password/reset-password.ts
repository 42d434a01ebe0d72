import { inBackground } from "../../platform/background.ts";
import { forgetEverywhere } from "../../platform/changes/changes.ts";
import { requireMail } from "../../platform/mail/mail.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { revokeApiKeys } from "../api-key-queries.ts";
import { personAudit } from "../audit-person.ts";
import { mailSent, resetConfirmInput, resetRequestInput, tags } from "../contract.ts";
import { mails, sendNotice } from "../mails.ts";
import { type AccountCall, accountOperation } from "../operation.ts";
import { deletePasskeys } from "../passkey-queries.ts";
import { confirmEmail, personByEmail, personById } from "../person-queries.ts";
import { ownDeviceCookie } from "../session/own-device.ts";
import { deleteFactor } from "../two-factor-queries.ts";
import { deadLink, issueToken, peekToken, takeToken } from "./one-time-tokens.ts";
import { replacePassword } from "./password.ts";
import { requireGoodPassword } from "./password-rules.ts";

/** Milliseconds after which a request for a link is answered: what is done for an account that exists cannot be seen in the time. */
const answerAfter = 250;

async function mailPasswordReset(runtime: Runtime, email: string): Promise<void> {
  const { db } = runtime;
  const person = await personByEmail(db, email);
  if (!person || person.user.suspendedAt !== null) return;
  const owner = { userId: person.user.id, email: person.user.email };
  const token = await issueToken(db, "reset-password", owner, runtime.clock.now());
  if (token) await sendNotice(runtime, mails.resetPassword(runtime, person.user.email, token));
}

/** Throws `not_ready` where there is no mail. */
export const requestPasswordReset = accountOperation({
  limit: "auth",
  summary: "Ask for a link to choose a new password",
  description: "Answers the same whether there is such an account or not.",
  tags,
  audit: { nothing: "anybody may ask for a mail to any address" },
  input: resetRequestInput,
  output: mailSent,
  async run(call, { body: { email } }) {
    requireMail(call);
    const work = mailPasswordReset(call, email);
    inBackground(
      call,
      work.catch((error) => call.log.error("password_reset_failed", error)),
    );
    await scheduler.wait(answerAfter);
    return { detail: "If there is an account with this address, a link is on its way to it." };
  },
});

async function dropOtherWaysIn(call: AccountCall, userId: string): Promise<void> {
  const { db, clock, from } = call;
  const all = { details: { which: "all" } };
  const [keys, passkeys] = await Promise.all([
    personAudit(call, userId, from, { action: "key.revoked", ...all }),
    personAudit(call, userId, from, { action: "passkey.removed", ...all }),
  ]);
  await db.batch([revokeApiKeys(db, userId, clock.now()), ...keys, deletePasskeys(db, userId), ...passkeys]);
  await deleteFactor(db, userId, []);
  await forgetEverywhere(call, [`user:${userId}`]);
}

/**
 * The token is used up only once the password is good. It also shows that the address is the person's; the first time it does, keys, passkeys and a
 * second factor go that were set up before. Throws `validation_failed`.
 */
export const resetPassword = accountOperation({
  limit: "auth",
  summary: "Choose a new password, by the token that was mailed",
  description: "The token works once. Every session ends.",
  tags,
  audit: ["password.changed", "key.revoked", "passkey.removed"],
  input: resetConfirmInput,
  done: "The password is set. Sign in with it.",
  async run(call, { body: { token, password } }) {
    const { db, clock } = call;
    const peeked = await peekToken(db, "reset-password", token, clock.now());
    const person = peeked && (await personById(db, peeked.userId));
    if (!person) throw deadLink();
    await requireGoodPassword(password, person.user);
    const owner = await takeToken(db, "reset-password", token, clock.now());
    if (!owner) throw deadLink();
    await replacePassword(call, person.user, password, { by: "mail" });
    // Until now anybody may have signed up with this address: nothing that they set up stays a way in. Their sessions have ended, so
    // that nothing is added behind this.
    if (!person.user.emailVerified) await dropOtherWaysIn(call, owner.userId);
    await confirmEmail(db, owner.userId, owner.email, clock.now(), []);
    // Whoever reads the person's mail has a device of theirs: strangers' guesses do not keep it waiting.
    return { body: undefined, cookies: [await ownDeviceCookie(call, owner.userId)] };
  },
});
