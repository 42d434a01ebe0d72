import type { z } from "zod";
import { Problem } from "../../platform/errors.ts";
import { personAudit, recordRefusal } from "../audit-person.ts";
import {
  newCodesInput,
  recoveryCodesAnswer,
  tags,
  type VerifyCodeAnswer,
  verifyCodeAnswer,
  verifyCodeInput,
} from "../contract.ts";
import type { WithCookies } from "../cookies.ts";
import { mails, sendNotice } from "../mails.ts";
import { type AccountCall, accountOperation, type OwnCall, ownOperation } from "../operation.ts";
import { personById } from "../person-queries.ts";
import { requireSession, suspended } from "../read-session.ts";
import { openSession, type SignedIn } from "../session/open-session.ts";
import { isOwnDevice } from "../session/own-device.ts";
import { toUser } from "../session/present-user.ts";
import { readWaiting, requireCode } from "../two-factor.ts";
import { confirmFactor, findFactor } from "../two-factor-queries.ts";
import { requireFactor } from "./factor.ts";
import { newRecoveryCodes } from "./second-factor.ts";

type RecoveryCodes = z.output<typeof recoveryCodesAnswer>;

/** The second half of a sign-in: opens the session. Throws `unauthenticated` for a token that does not count any more. */
async function loginWithCode(call: AccountCall, token: string, code: string): Promise<SignedIn> {
  const said = await readWaiting(call, token);
  const person = said && (await personById(call.db, said.sub));
  if (!person) throw new Problem("unauthenticated", "That took too long. Sign in with your password again.");
  if (person.user.suspendedAt !== null) throw suspended();
  const { id } = person.user;
  try {
    await requireCode(call, id, code, await isOwnDevice(call, id));
  } catch (error) {
    await recordRefusal(call, id, "code");
    throw error;
  }
  const { by: first, ...rest } = said.first;
  const event = { action: "session.started", details: { ...rest, by: "code", first } } as const;
  return openSession(call, toUser(person.user), await personAudit(call, id, call.from, event));
}

async function replaceCodes(
  call: AccountCall,
  userId: string,
  action: "second_factor.enabled" | "second_factor.codes_renewed",
): Promise<RecoveryCodes> {
  const { codes, hashes } = newRecoveryCodes(userId);
  const audit = await personAudit(call, userId, call.from, { action });
  await confirmFactor(call.db, userId, hashes, call.clock.now(), audit);
  return { two_factor_enabled: true, recovery_codes: codes };
}

/** Turns the second factor on, with a code that shows that the secret arrived. Throws `conflict` and `validation_failed`. */
async function confirmSetup(call: OwnCall, code: string): Promise<RecoveryCodes> {
  const { user } = call.session;
  const factor = await findFactor(call.db, user.id);
  if (!factor) throw new Problem("conflict", "Set two-factor authentication up first.");
  if (factor.confirmedAt !== null) throw new Problem("conflict", "Two-factor authentication is on already.");
  await requireCode(call, user.id, code, true);
  const codes = await replaceCodes(call, user.id, "second_factor.enabled");
  await sendNotice(call, mails.twoFactorOn(call, user.email));
  return codes;
}

export const verifyCode = accountOperation({
  limit: "auth",
  summary: "Send a code: to finish a sign-in, or to turn the second factor on",
  description:
    "With `two_factor_token`, six digits or a recovery code open the session. Without it, who is signed in confirms the secret from `/auth/2fa/setup` and gets recovery codes. No code counts twice.",
  tags,
  audit: ["second_factor.enabled", "session.started", "session.refused"],
  input: verifyCodeInput,
  output: verifyCodeAnswer,
  async run(call, { body: { code, two_factor_token } }): Promise<WithCookies<VerifyCodeAnswer>> {
    if (two_factor_token !== undefined) return loginWithCode(call, two_factor_token, code);
    const session = await requireSession(call, call.credential);
    return { body: await confirmSetup({ ...call, session }, code), cookies: [] };
  },
});

/** They stand in place of all earlier ones. Throws `conflict` where there is no factor, `validation_failed`. */
export const renewRecoveryCodes = ownOperation({
  limit: "auth",
  summary: "Get new recovery codes",
  tags,
  audit: "second_factor.codes_renewed",
  input: newCodesInput,
  output: recoveryCodesAnswer,
  async run(call, { body: { code } }) {
    const { user } = call.session;
    await requireFactor(call, user.id);
    await requireCode(call, user.id, code, true);
    return replaceCodes(call, user.id, "second_factor.codes_renewed");
  },
});
