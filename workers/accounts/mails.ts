import { isProblem } from "../platform/errors.ts";
import { publicUrl } from "../platform/http/public-url.ts";
import { type Mail, mailName, sendMail } from "../platform/mail/mail.ts";
import type { Runtime } from "../platform/runtime.ts";

const link = ({ config }: Runtime, path: string, token: string) => `${publicUrl(config)}${path}?token=${token}`;

/** What a person is mailed about their account. */
export const mails = {
  verifyEmail: (runtime: Runtime, to: string, token: string): Mail => ({
    to,
    subject: "Confirm your e-mail address",
    text: `Open this link to confirm that this address is yours. It works once, for a day.\n\n${link(runtime, "/verify-email", token)}\n\nIf you have no account at Understudy, somebody mistyped theirs: do nothing.`,
  }),
  changeEmail: (runtime: Runtime, to: string, token: string): Mail => ({
    to,
    subject: "Confirm your new e-mail address",
    text: `Open this link to sign in with this address from now on. It works once, for a day.\n\n${link(runtime, "/verify-email", token)}\n\nIf you did not ask for this, do nothing.`,
  }),
  emailChanged: (to: string, newEmail: string): Mail => ({
    to,
    subject: "Your e-mail address was changed",
    text: `Your account at Understudy now signs in with ${newEmail}.\n\nIf that was not you, write to whoever runs this installation at once.`,
  }),
  resetPassword: (runtime: Runtime, to: string, token: string): Mail => ({
    to,
    subject: "Choose a new password",
    text: `Open this link to choose a new password. It works once, for an hour.\n\n${link(runtime, "/reset-password", token)}\n\nIf you did not ask for this, do nothing: your password stays as it is.`,
  }),
  passwordChanged: (runtime: Runtime, to: string): Mail => ({
    to,
    subject: "Your password was changed",
    text: `The password of your account at Understudy was changed, and everything that was signed in elsewhere was signed out.\n\nIf that was not you, choose a new one at once:\n${publicUrl(runtime.config)}/forgot-password`,
  }),
  twoFactorOn: (runtime: Runtime, to: string): Mail => ({
    to,
    subject: "Two-factor authentication is on",
    text: `From now on, signing in to your account at Understudy takes a code from your authenticator app, or one of your recovery codes.\n\nIf that was not you, choose a new password at once:\n${publicUrl(runtime.config)}/forgot-password`,
  }),
  twoFactorOff: (runtime: Runtime, to: string): Mail => ({
    to,
    subject: "Two-factor authentication is off",
    text: `Signing in to your account at Understudy takes your password alone again.\n\nIf that was not you, choose a new password at once:\n${publicUrl(runtime.config)}/forgot-password`,
  }),
  passkeyAdded: (runtime: Runtime, to: string, name: string): Mail => ({
    to,
    subject: "A passkey was added",
    text: `Your account at Understudy can be signed in to with the passkey “${mailName(name)}” from now on, without a password and without a code.\n\nIf that was not you, remove it and choose a new password at once:\n${publicUrl(runtime.config)}/account`,
  }),
  passkeyRemoved: (runtime: Runtime, to: string, name: string): Mail => ({
    to,
    subject: "A passkey was removed",
    text: `The passkey “${mailName(name)}” does not open your account at Understudy any more.\n\nIf that was not you, choose a new password at once:\n${publicUrl(runtime.config)}/forgot-password`,
  }),
  providerLinked: (runtime: Runtime, to: string, provider: string): Mail => ({
    to,
    subject: `You can sign in with ${provider}`,
    text: `Somebody who has this address at ${provider} signed in, so your account at Understudy can be signed in to with ${provider} from now on.\n\nIf that was not you, secure your account at ${provider}, and write to whoever runs this installation:\n${publicUrl(runtime.config)}`,
  }),
  workspaceErased: (runtime: Runtime, to: string, name: string, token: string): Mail => ({
    to,
    subject: "Your workspace is being erased",
    text: `Your workspace “${mailName(name)}” at Understudy is closed, and everything in it is being erased. This cannot be undone.\n\nKeep this link: it shows how far that is, and in the end a signed list of what was erased.\n${publicUrl(runtime.config)}/erased/${token}\n\nIf that was not you, choose a new password, and write to whoever runs this installation at once.`,
  }),
  accountErased: (runtime: Runtime, to: string, token: string): Mail => ({
    to,
    subject: "Your account is being erased",
    text: `Your account at Understudy is closed, and everything in it is being erased. This cannot be undone.\n\nKeep this link: it shows how far that is, and in the end a signed list of what was erased.\n${publicUrl(runtime.config)}/erased/${token}\n\nIf that was not you, write to whoever runs this installation at once.`,
  }),
} as const;

/** Sends what the call that causes it does not depend on: a failure is logged, and an installation without mail goes without. */
export async function sendNotice(runtime: Runtime, mail: Mail): Promise<void> {
  try {
    await sendMail(runtime, mail);
  } catch (error) {
    if (isProblem(error) && error.code === "not_ready") runtime.log.info("mail_not_sent", { subject: mail.subject });
    else runtime.log.error("mail_failed", error, { subject: mail.subject });
  }
}
