import { z } from "zod";
import { Problem } from "../../platform/errors.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { readSigned, signed } from "../../platform/secrets/signed-token.ts";
import { insertConsent } from "../consent-queries.ts";
import { consentAtSignUp } from "../consents.ts";
import { sessionToken, tags } from "../contract.ts";
import { cookieLine } from "../cookies.ts";
import { agreementInput } from "../oauth-contract.ts";
import { type AccountCall, accountOperation } from "../operation.ts";
import { openSession, type SignedIn } from "../session/open-session.ts";
import { toUser } from "../session/present-user.ts";
import { agreementCookie } from "./oauth-cookies.ts";
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
  call: AccountCall,
  { email, name, ...link }: Newcomer,
  accepted: string | undefined,
): Promise<SignedIn> {
  const consent = consentAtSignUp(call, accepted);
  const { db, clock } = call;
  const now = clock.now();
  const atFirst = ({ userId }: { userId: string }) => (consent ? [insertConsent(db, userId, consent, now)] : []);
  // Whoever sends it again finds the account there, and gets no session by it.
  const made = await insertLinkedPerson(db, { email, name, link, atFirst }, now);
  if (!made) throw new Problem("conflict", "There is an account with your address by now. Sign in instead.");
  return openSession(call, toUser(made), []);
}

/** Throws `unauthenticated` for a token that does not count any more, and as `signUpNewcomer` does. */
export const signUpByProvider = accountOperation({
  limit: "auth",
  summary: "Make an account by a provider, once its person has agreed to the terms",
  description:
    "Where the installation asks for agreement: takes the token that the browser came back with from a first sign-in, within ten minutes.",
  tags,
  audit: { nothing: "the account is told when its first workspace is made, at its first call" },
  input: agreementInput,
  output: sessionToken,
  async run(call, { body: { agreement_token: token, accept_policy: accepted } }) {
    const { config, clock } = call;
    const shape = newcomer.omit({ subject: true }).extend({ sub: z.string() });
    const said = await readSigned(config, purpose, token, clock.now(), shape);
    if (!said) throw new Problem("unauthenticated", "That took too long. Sign in with the other site again.");
    const { sub: subject, ...person } = said;
    const { body, cookies } = await signUpNewcomer(call, { ...person, subject }, accepted);
    return { body, cookies: [...cookies, cookieLine(config, agreementCookie, "", 0)] };
  },
});
