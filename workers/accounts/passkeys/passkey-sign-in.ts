import type { z } from "zod";
import { Problem } from "../../platform/errors.ts";
import { type Call, openOperation } from "../../platform/open-operation.ts";
import { personAudit, recordRefusal } from "../audit-person.ts";
import { sessionToken, tags } from "../contract.ts";
import { cookieIn, cookieLine, type WithCookies } from "../cookies.ts";
import { accountOperation } from "../operation.ts";
import { passkeySignInInput, requestOptions } from "../passkey-contract.ts";
import { passkeyByCredential, takeCount } from "../passkey-queries.ts";
import { suspended } from "../read-session.ts";
import { newSecret } from "../secrets.ts";
import { openSession } from "../session/open-session.ts";
import { toUser } from "../session/present-user.ts";
import { newChallenge, patience, takeChallenge } from "./passkey-challenges.ts";
import { challengeIn, site, verifyAssertion } from "./passkey-verification.ts";

/** The cookie that tells a browser which signs in with a passkey, among others that might answer in its place. */
const browserCookie = "understudy_passkey";
const browserOf = ({ config, headers }: Call) => cookieIn(config, headers, browserCookie);

export const beginPasskeySignIn = openOperation({
  limit: "passkey",
  summary: "Begin to sign in with a passkey",
  description:
    "For `navigator.credentials.get()`. The challenge counts once, for five minutes, in the browser that gets the cookie.",
  tags,
  audit: { nothing: "a challenge is made" },
  output: requestOptions,
  async run(call): Promise<WithCookies<z.output<typeof requestOptions>>> {
    const known = browserOf(call);
    // A browser with several of these pages open has one cookie for all of them.
    const browser = /^[\w-]{43}$/.test(known) ? known : newSecret();
    const body: z.output<typeof requestOptions> = {
      challenge: await newChallenge(call, { purpose: "sign-in", holder: browser }),
      rpId: site(call).rpId,
      timeout: patience,
      allowCredentials: [],
      userVerification: "required",
    };
    return { body, cookies: [cookieLine(call.config, browserCookie, browser, patience / 1000)] };
  },
});

function unknown(): Problem {
  const message = "This passkey is not known here: it was removed from its account. Sign in another way.";
  return new Problem("unauthenticated", message, { errors: [{ path: "id", message }] });
}
const refused = () =>
  new Problem("unauthenticated", "This passkey could not be verified. Try again, or sign in another way.");

/** Throws `unauthenticated`, and `forbidden` where the person is suspended. */
export const signInWithPasskey = accountOperation({
  limit: "auth",
  summary: "Sign in with a passkey",
  // The authenticator has asked who they are.
  description: "It counts as both factors: no code is asked for.",
  tags,
  audit: ["session.started", "session.refused"],
  input: passkeySignInInput,
  output: sessionToken,
  async run(call, { body: assertion }) {
    const { db, clock, from } = call;
    const challenge = challengeIn(assertion.response.clientDataJSON);
    if (!challenge || !(await takeChallenge(call, { purpose: "sign-in", holder: browserOf(call) }, challenge))) {
      throw new Problem("unauthenticated", "That took too long, or began in another browser. Try again.");
    }
    const found = await passkeyByCredential(db, assertion.id);
    if (!found) throw unknown();
    const { passkey, user } = found;
    const isTheirs = Buffer.from(assertion.response.userHandle, "base64url").toString() === user.id;
    const signed = isTheirs ? await verifyAssertion(call, assertion, passkey, challenge) : null;
    if (!signed) {
      await recordRefusal(call, user.id, "passkey");
      throw refused();
    }
    if (user.suspendedAt !== null) throw suspended();
    if (!(await takeCount(db, passkey.id, signed, clock.now()))) {
      if (!(await passkeyByCredential(db, assertion.id))) throw unknown();
      await recordRefusal(call, user.id, "passkey", "counter");
      throw refused();
    }
    const event = { action: "session.started", details: { by: "passkey" } } as const;
    return openSession(call, toUser(user), await personAudit(call, user.id, from, event));
  },
});
