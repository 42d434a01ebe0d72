import { z } from "zod";
import { Problem, refusedField } from "../platform/errors.ts";
import type { Runtime } from "../platform/runtime.ts";
import { readSigned, signed } from "../platform/secrets/signed-token.ts";
import { type From, personAudit, recordRefusal } from "./audit-person.ts";
import type { codeRequired, recoveryCodesAnswer, setupAnswer } from "./contract.ts";
import type { WithCookies } from "./cookies.ts";
import { mails, sendNotice } from "./mails.ts";
import { requirePassword } from "./password/password.ts";
import { personById } from "./person-queries.ts";
import { requireFresh, type Session, suspended } from "./read-session.ts";
import { newFactor, newRecoveryCodes, takeCode } from "./second-factor/second-factor.ts";
import { allowGuess } from "./session/attempts.ts";
import { openSession, type SignedIn } from "./session/open-session.ts";
import { isOwnDevice } from "./session/own-device.ts";
import { toUser } from "./session/present-user.ts";
import { confirmFactor, deleteFactor, factorStatus, findFactor, storePending } from "./two-factor-queries.ts";

const purpose = "second-factor";
/** Seconds for which a right password waits for its code. */
const patience = 5 * 60;
/** What somebody has shown before their code is asked for, as the log tells it. */
const firstStep = z.object({ by: z.string(), connection_id: z.string().exactOptional() });
export type FirstStep = z.output<typeof firstStep>;
const claims = z.object({ sub: z.string(), first: firstStep });

type RecoveryCodes = z.output<typeof recoveryCodesAnswer>;

/** What a right password is answered with where the account has a second factor; null where it has none. */
export async function askForCode(
  runtime: Runtime,
  userId: string,
  first: FirstStep,
): Promise<WithCookies<z.output<typeof codeRequired>> | null> {
  const { enabled } = await factorStatus(runtime.db, userId);
  if (!enabled) return null;
  const now = runtime.clock.now();
  const token = await signed(
    runtime.config,
    purpose,
    { sub: userId, first },
    { now, expiresAt: now + patience * 1000 },
  );
  return { body: { two_factor_required: true, two_factor_token: token, expires_in: patience }, cookies: [] };
}

/** Takes one of a person's codes. Throws `validation_failed` for a wrong or used one, and `rate_limited` after several. */
async function requireCode(runtime: Runtime, userId: string, code: string, ownDevice: boolean): Promise<void> {
  const guess = await allowGuess(runtime, { what: "code", account: userId, isOwnDevice: ownDevice });
  if (!(await takeCode(runtime, userId, code)))
    throw refusedField("code", "This code is wrong, or was used before. Wait for the next one.");
  await guess.wasRight();
}

/** The second half of a sign-in: opens the session. Throws `unauthenticated` for a token that does not count any more. */
export async function loginWithCode(
  runtime: Runtime,
  token: string,
  code: string,
  request: Headers,
  from: From,
): Promise<SignedIn> {
  const said = await readSigned(runtime.config, purpose, token, runtime.clock.now(), claims);
  const person = said && (await personById(runtime.db, said.sub));
  if (!person) throw new Problem("unauthenticated", "That took too long. Sign in with your password again.");
  if (person.user.suspendedAt !== null) throw suspended();
  const { id } = person.user;
  try {
    await requireCode(runtime, id, code, await isOwnDevice(runtime, request, id));
  } catch (error) {
    await recordRefusal(runtime, id, from, "code");
    throw error;
  }
  const { by: first, ...rest } = said.first;
  const event = { action: "session.started", details: { ...rest, by: "code", first } } as const;
  return openSession(runtime, toUser(person.user), request, await personAudit(runtime, id, from, event));
}

/** Makes a secret, which counts once a code from it was sent. Throws `conflict` where there is a factor, `validation_failed`. */
export async function setUpFactor(
  runtime: Runtime,
  session: Session,
  password: string | undefined,
): Promise<z.output<typeof setupAnswer>> {
  const { user } = session;
  if (password !== undefined) await requirePassword(runtime, user, password);
  else requireFresh(runtime, session);
  const { box, url, base32 } = await newFactor(runtime, user);
  if (!(await storePending(runtime.db, user.id, box, runtime.clock.now()))) {
    throw new Problem("conflict", "Two-factor authentication is on already. Turn it off to set it up anew.");
  }
  return { secret: base32, otpauth_url: url };
}

/** Turns the second factor on, with a code that shows that the secret arrived. Throws `conflict` and `validation_failed`. */
export async function confirmSetup(
  runtime: Runtime,
  { user }: Session,
  code: string,
  from: From,
): Promise<RecoveryCodes> {
  const factor = await findFactor(runtime.db, user.id);
  if (!factor) throw new Problem("conflict", "Set two-factor authentication up first.");
  if (factor.confirmedAt !== null) throw new Problem("conflict", "Two-factor authentication is on already.");
  await requireCode(runtime, user.id, code, true);
  const codes = await replaceCodes(runtime, user.id, from, "second_factor.enabled");
  await sendNotice(runtime, mails.twoFactorOn(runtime, user.email));
  return codes;
}

async function replaceCodes(
  runtime: Runtime,
  userId: string,
  from: From,
  action: "second_factor.enabled" | "second_factor.codes_renewed",
): Promise<RecoveryCodes> {
  const { codes, hashes } = newRecoveryCodes(userId);
  const audit = await personAudit(runtime, userId, from, { action });
  await confirmFactor(runtime.db, userId, hashes, runtime.clock.now(), audit);
  return { two_factor_enabled: true, recovery_codes: codes };
}

async function requireFactor(runtime: Runtime, userId: string): Promise<void> {
  const { enabled } = await factorStatus(runtime.db, userId);
  if (!enabled) throw new Problem("conflict", "Two-factor authentication is off.");
}

/**
 * For what needs all that a sign-in takes: the password, and a code where the second factor is on. Throws `validation_failed`, on
 * `code` also where it is missing.
 */
export async function requireBoth(
  runtime: Runtime,
  { user }: Session,
  { password, code }: { password: string; code?: string | undefined },
): Promise<void> {
  await requirePassword(runtime, user, password);
  const { enabled } = await factorStatus(runtime.db, user.id);
  if (!enabled) return;
  if (code === undefined) throw refusedField("code", "Enter a code from your authenticator app, or a recovery code.");
  await requireCode(runtime, user.id, code, true);
}

/** New recovery codes in place of all earlier ones. Throws `conflict` where there is no factor, `validation_failed`. */
export async function renewRecoveryCodes(
  runtime: Runtime,
  { user }: Session,
  code: string,
  from: From,
): Promise<RecoveryCodes> {
  await requireFactor(runtime, user.id);
  await requireCode(runtime, user.id, code, true);
  return replaceCodes(runtime, user.id, from, "second_factor.codes_renewed");
}

/** Turns the second factor off, for who has both. Throws `conflict` where there is none, `validation_failed`. */
export async function disableFactor(
  runtime: Runtime,
  { user }: Session,
  { password, code }: { password: string; code: string },
  from: From,
): Promise<void> {
  await requireFactor(runtime, user.id);
  await requirePassword(runtime, user, password);
  await requireCode(runtime, user.id, code, true);
  const audit = await personAudit(runtime, user.id, from, { action: "second_factor.disabled" });
  await deleteFactor(runtime.db, user.id, audit);
  await sendNotice(runtime, mails.twoFactorOff(runtime, user.email));
}
