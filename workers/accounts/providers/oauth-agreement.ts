import { z } from "zod";
import { Problem } from "../../platform/errors.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { readSigned, signed } from "../../platform/secrets/signed-token.ts";
import { insertConsent } from "../consent-queries.ts";
import { consentAtSignUp } from "../consents.ts";
import { openSession, type SignedIn } from "../session/open-session.ts";
import { toUser } from "../session/present-user.ts";
import { insertLinkedPerson } from "./oauth-queries.ts";

const purpose = "oauth-agreement";
/** Seconds for which a sign-in by a provider waits for its person to agree. */
export const agreementLifetime = 10 * 60;

/** Somebody whom a provider has named, and who has no account yet. */
const newcomer = z.object({ email: z.string(), name: z.string(), authority: z.string(), subject: z.string() });
export type Newcomer = z.output<typeof newcomer>;

/** What says who waits; nothing of them is stored before they agree. */
export function agreementToken({ config, clock }: Runtime, person: Newcomer): Promise<string> {
  const now = clock.now();
  const { subject, ...claims } = person;
  return signed(config, purpose, { ...claims, sub: subject }, { now, expiresAt: now + agreementLifetime * 1000 });
}

/**
 * Makes the account of somebody who agreed, and opens its first session. Throws `validation_failed` where the present version was not
 * agreed to, and `conflict` where the address has an account by now.
 */
export async function signUpNewcomer(
  runtime: Runtime,
  { email, name, ...link }: Newcomer,
  accepted: string | undefined,
  request: Headers,
): Promise<SignedIn> {
  const consent = consentAtSignUp(runtime, accepted, request);
  const { db } = runtime;
  const now = runtime.clock.now();
  const atFirst = ({ userId }: { userId: string }) => (consent ? [insertConsent(db, userId, consent, now)] : []);
  // Whoever sends it again finds the account there, and gets no session by it.
  const made = await insertLinkedPerson(db, { email, name, link, atFirst }, now);
  if (!made) throw new Problem("conflict", "There is an account with your address by now. Sign in instead.");
  return openSession(runtime, toUser(made), request, []);
}

/** Signs a newcomer up who waited with a token. Throws `unauthenticated`, too, for one that does not count any more. */
export async function signUpByProvider(
  runtime: Runtime,
  { token, accepted }: { token: string; accepted: string | undefined },
  request: Headers,
): Promise<SignedIn> {
  const shape = newcomer.omit({ subject: true }).extend({ sub: z.string() });
  const said = await readSigned(runtime.config, purpose, token, runtime.clock.now(), shape);
  if (!said) throw new Problem("unauthenticated", "That took too long. Sign in with the other site again.");
  const { sub: subject, ...person } = said;
  return signUpNewcomer(runtime, { ...person, subject }, accepted, request);
}
