import { Problem } from "../../platform/errors.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { personAudit } from "../audit-person.ts";
import { disableInput, factorStatus as factorStatusAnswer, setupAnswer, setupInput, tags } from "../contract.ts";
import { mails, sendNotice } from "../mails.ts";
import { ownOperation } from "../operation.ts";
import { requirePassword } from "../password/password.ts";
import { requireFresh } from "../read-session.ts";
import { requireCode } from "../two-factor.ts";
import { deleteFactor, factorStatus, storePending } from "../two-factor-queries.ts";
import { newFactor } from "./second-factor.ts";

export const readFactor = ownOperation({
  summary: "Whether you have a second factor",
  tags,
  output: factorStatusAnswer,
  async run({ db, session }) {
    const { enabled, codesLeft } = await factorStatus(db, session.user.id);
    return { enabled, recovery_codes_left: codesLeft };
  },
});

/** Throws `conflict` where there is a factor, `validation_failed`. */
export const setUpFactor = ownOperation({
  limit: "auth",
  summary: "Make a secret for an authenticator app",
  description: "It counts once a code from it was sent to `/auth/2fa/verify`.",
  tags,
  audit: { nothing: "it counts once a code came from it" },
  input: setupInput,
  output: setupAnswer,
  async run(call, { body: { password } }) {
    const { session } = call;
    const { user } = session;
    if (password !== undefined) await requirePassword(call, user, password);
    else requireFresh(call, session);
    const { box, url, base32 } = await newFactor(call, user);
    if (!(await storePending(call.db, user.id, box, call.clock.now()))) {
      throw new Problem("conflict", "Two-factor authentication is on already. Turn it off to set it up anew.");
    }
    return { secret: base32, otpauth_url: url };
  },
});

/** Throws `conflict` where a person has no second factor. */
export async function requireFactor({ db }: Runtime, userId: string): Promise<void> {
  const { enabled } = await factorStatus(db, userId);
  if (!enabled) throw new Problem("conflict", "Two-factor authentication is off.");
}

/** For who has both the password and a code. Throws `conflict` where there is no factor, `validation_failed`. */
export const disableFactor = ownOperation({
  limit: "auth",
  summary: "Turn the second factor off",
  tags,
  audit: "second_factor.disabled",
  input: disableInput,
  done: "It is off.",
  async run(call, { body: { password, code } }) {
    const { user } = call.session;
    await requireFactor(call, user.id);
    await requirePassword(call, user, password);
    await requireCode(call, user.id, code, true);
    const audit = await personAudit(call, user.id, call.from, { action: "second_factor.disabled" });
    await deleteFactor(call.db, user.id, audit);
    await sendNotice(call, mails.twoFactorOff(call, user.email));
  },
});
