import type { AuditStatements } from "../../audit/record.ts";
import { forgetEverywhere } from "../../platform/changes/changes.ts";
import { Problem } from "../../platform/errors.ts";
import { requireMail, sendMail } from "../../platform/mail/mail.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { personAudit } from "../audit-person.ts";
import { changeEmailInput, mailSent, tags, type User, userAnswer, verifyEmailInput } from "../contract.ts";
import { mails, sendNotice } from "../mails.ts";
import { accountOperation, ownOperation } from "../operation.ts";
import { confirmEmail, personByEmail, personById, storeEmail } from "../person-queries.ts";
import { toUser } from "../session/present-user.ts";
import type { TokenOwner } from "./one-time-token-queries.ts";
import { deadLink, issueToken, takeToken, voidTokens } from "./one-time-tokens.ts";
import { requirePassword } from "./password.ts";

const tooMany = () =>
  new Problem("rate_limited", "That was asked for several times already. Look into your mailbox, or wait an hour.", {
    retryAfterSeconds: 3_600,
  });

/** Mails a link that confirms a new person's address; their account does not depend on it. */
export async function sendVerification(runtime: Runtime, { id, email }: User): Promise<void> {
  const token = await issueToken(runtime.db, "verify-email", { userId: id, email }, runtime.clock.now());
  if (token) await sendNotice(runtime, mails.verifyEmail(runtime, email, token));
}

async function mailVerification(runtime: Runtime, { id }: User): Promise<void> {
  requireMail(runtime);
  const { db } = runtime;
  const person = await personById(db, id);
  if (!person || person.user.emailVerified) return;
  const { email } = person.user;
  const token = await issueToken(db, "verify-email", { userId: id, email }, runtime.clock.now());
  if (!token) throw tooMany();
  await sendMail(runtime, mails.verifyEmail(runtime, email, token));
}

/** Throws `rate_limited` after several within the hour, `not_ready` where there is no mail. */
export const resendVerification = ownOperation({
  limit: "auth",
  summary: "Ask for another link that confirms your address",
  tags,
  audit: { nothing: "a mail is sent" },
  output: mailSent,
  async run(call) {
    await mailVerification(call, call.session.user);
    return { detail: "A link is on its way to your address, unless it is confirmed already." };
  },
});

/** An address that has an account gets nothing, and the caller does not learn of it. Throws `validation_failed`, and as `resendVerification` does. */
export const requestEmailChange = ownOperation({
  limit: "auth",
  summary: "Change your address",
  description: "It changes once the link is opened that is mailed to the new address.",
  tags,
  audit: { nothing: "a mail is sent; the address changes when its link is opened" },
  input: changeEmailInput,
  output: mailSent,
  async run(call, { body: { email, password } }) {
    const { db, clock, session } = call;
    const { id } = session.user;
    await requirePassword(call, session.user, password);
    requireMail(call);
    const token = await issueToken(db, "change-email", { userId: id, email }, clock.now());
    if (!token) throw tooMany();
    if (!(await personByEmail(db, email))) await sendMail(call, mails.changeEmail(call, email, token));
    return { detail: "Open the link that was mailed to the new address." };
  },
});

async function changeEmail(runtime: Runtime, { userId, email }: TokenOwner, audit: AuditStatements): Promise<boolean> {
  const { db } = runtime;
  const now = runtime.clock.now();
  const before = await personById(db, userId);
  if (!before || !(await storeEmail(db, userId, email, now, audit))) return false;
  // Links that wait in the old mailbox are no longer the person's.
  await Promise.all([voidTokens(db, "reset-password", userId, now), voidTokens(db, "verify-email", userId, now)]);
  await sendNotice(runtime, mails.emailChanged(before.user.email, email));
  return true;
}

/** Takes a mailed token: the address is confirmed, or becomes the person's. Throws `validation_failed` for one that does not count. */
export const verifyEmail = accountOperation({
  limit: "auth",
  summary: "Confirm an address, by the token that was mailed to it",
  tags,
  audit: "email.confirmed",
  input: verifyEmailInput,
  output: userAnswer,
  async run(call, { body: { token } }) {
    const { db, clock, from } = call;
    const now = clock.now();
    const verified = await takeToken(db, "verify-email", token, now);
    const owner = verified ?? (await takeToken(db, "change-email", token, now));
    if (!owner) throw deadLink();
    const audit = await personAudit(call, owner.userId, from, { action: "email.confirmed" });
    const done = verified
      ? await confirmEmail(db, owner.userId, owner.email, now, audit)
      : await changeEmail(call, owner, audit);
    const person = done ? await personById(db, owner.userId) : undefined;
    if (!person) throw deadLink();
    await forgetEverywhere(call, [`user:${person.user.id}`]);
    return { user: toUser(person.user) };
  },
});
