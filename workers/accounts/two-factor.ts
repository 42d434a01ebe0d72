import { z } from "zod";
import { refusedField } from "../platform/errors.ts";
import type { Runtime } from "../platform/runtime.ts";
import { readSigned, signed } from "../platform/secrets/signed-token.ts";
import type { codeRequired } from "./contract.ts";
import type { WithCookies } from "./cookies.ts";
import { requirePassword } from "./password/password.ts";
import type { Session } from "./read-session.ts";
import { takeCode } from "./second-factor/second-factor.ts";
import { allowGuess } from "./session/attempts.ts";
import { factorStatus } from "./two-factor-queries.ts";

const purpose = "second-factor";
/** Seconds for which a right password waits for its code. */
const patience = 5 * 60;
/** What somebody has shown before their code is asked for, as the log tells it. */
const firstStep = z.object({ by: z.string(), connection_id: z.string().exactOptional() });
export type FirstStep = z.output<typeof firstStep>;
const claims = z.object({ sub: z.string(), first: firstStep });

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

/** Who waits with such a token, and what they have shown; null where it does not count any more. */
export const readWaiting = ({ config, clock }: Runtime, token: string) =>
  readSigned(config, purpose, token, clock.now(), claims);

/** Takes one of a person's codes. Throws `validation_failed` for a wrong or used one, and `rate_limited` after several. */
export async function requireCode(runtime: Runtime, userId: string, code: string, ownDevice: boolean): Promise<void> {
  const guess = await allowGuess(runtime, { what: "code", account: userId, isOwnDevice: ownDevice });
  if (!(await takeCode(runtime, userId, code)))
    throw refusedField("code", "This code is wrong, or was used before. Wait for the next one.");
  await guess.wasRight();
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
