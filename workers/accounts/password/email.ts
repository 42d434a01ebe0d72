import type { AuditStatements } from "../../audit/record.ts";
import { Problem } from "../../platform/errors.ts";
import { requireMail, sendMail } from "../../platform/mail/mail.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { type From, personAudit } from "../audit-person.ts";
import type { User } from "../contract.ts";
import { mails, sendNotice } from "../mails.ts";
import { confirmEmail, personByEmail, personById, storeEmail } from "../person-queries.ts";
import { forgetSessions } from "../read-session.ts";
import { toUser } from "../session/present-user.ts";
import type { TokenOwner } from "./one-time-token-queries.ts";
import { deadLink, issueToken, takeToken, voidTokens } from "./one-time-tokens.ts";

const tooMany = () =>
  new Problem("rate_limited", "That was asked for several times already. Look into your mailbox, or wait an hour.", {
    retryAfterSeconds: 3_600,
  });

/** Mails a link that confirms a new person's address; their account does not depend on it. */
export async function sendVerification(runtime: Runtime, { id, email }: User): Promise<void> {
  const token = await issueToken(runtime.db, "verify-email", { userId: id, email }, runtime.clock.now());
  if (token) await sendNotice(runtime, mails.verifyEmail(runtime, email, token));
}

/** Mails that link again. Throws `rate_limited` after several within the hour, `not_ready` where there is no mail. */
export async function resendVerification(runtime: Runtime, { id }: User): Promise<void> {
  requireMail(runtime);
  const { db } = runtime;
  const person = await personById(db, id);
  if (!person || person.user.emailVerified) return;
  const { email } = person.user;
  const token = await issueToken(db, "verify-email", { userId: id, email }, runtime.clock.now());
  if (!token) throw tooMany();
  await sendMail(runtime, mails.verifyEmail(runtime, email, token));
}

/**
 * Mails a link to a new address; opened, it makes that the person's address. An address that has an account gets nothing, and the
 * caller does not learn of it.
 */
export async function requestEmailChange(runtime: Runtime, { id }: User, email: string): Promise<void> {
  requireMail(runtime);
  const { db } = runtime;
  const token = await issueToken(db, "change-email", { userId: id, email }, runtime.clock.now());
  if (!token) throw tooMany();
  if (await personByEmail(db, email)) return;
  await sendMail(runtime, mails.changeEmail(runtime, email, token));
}

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
export async function verifyEmail(runtime: Runtime, token: string, from: From): Promise<User> {
  const { db } = runtime;
  const now = runtime.clock.now();
  const verified = await takeToken(db, "verify-email", token, now);
  const owner = verified ?? (await takeToken(db, "change-email", token, now));
  if (!owner) throw deadLink();
  const audit = await personAudit(runtime, owner.userId, from, { action: "email.confirmed" });
  const done = verified
    ? await confirmEmail(db, owner.userId, owner.email, now, audit)
    : await changeEmail(runtime, owner, audit);
  const person = done ? await personById(db, owner.userId) : undefined;
  if (!person) throw deadLink();
  forgetSessions(({ user }) => user.id === person.user.id);
  return toUser(person.user);
}
