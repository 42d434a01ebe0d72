import type { z } from "zod";
import { Problem } from "../../platform/errors.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { type From, personAudit, recordRefusal } from "../audit-person.ts";
import type { Assertion, requestOptions } from "../passkey-contract.ts";
import { passkeyByCredential, takeCount } from "../passkey-queries.ts";
import { suspended } from "../read-session.ts";
import { openSession, type SignedIn } from "../session/open-session.ts";
import { toUser } from "../session/present-user.ts";
import { newChallenge, patience, takeChallenge } from "./passkey-challenges.ts";
import { challengeIn, site, verifyAssertion } from "./passkey-verification.ts";

/** What a browser asks for a passkey with, within five minutes. `browser` is what only that browser has. */
export async function passkeyRequest(runtime: Runtime, browser: string): Promise<z.output<typeof requestOptions>> {
  return {
    challenge: await newChallenge(runtime, { purpose: "sign-in", holder: browser }),
    rpId: site(runtime).rpId,
    timeout: patience,
    allowCredentials: [],
    userVerification: "required",
  };
}

function unknown(): Problem {
  const message = "This passkey is not known here: it was removed from its account. Sign in another way.";
  return new Problem("unauthenticated", message, { errors: [{ path: "id", message }] });
}
const refused = () =>
  new Problem("unauthenticated", "This passkey could not be verified. Try again, or sign in another way.");

/**
 * Opens a session for who has a passkey. The authenticator has asked who they are, so it counts as both factors: no code is asked for.
 * Throws `unauthenticated`, and `forbidden` where they are suspended.
 */
export async function signInWithPasskey(
  runtime: Runtime,
  assertion: Assertion,
  browser: string,
  { request, from }: { request: Headers; from: From },
): Promise<SignedIn> {
  const challenge = challengeIn(assertion.response.clientDataJSON);
  if (!challenge || !(await takeChallenge(runtime, { purpose: "sign-in", holder: browser }, challenge))) {
    throw new Problem("unauthenticated", "That took too long, or began in another browser. Try again.");
  }
  const { db } = runtime;
  const found = await passkeyByCredential(db, assertion.id);
  if (!found) throw unknown();
  const { passkey, user } = found;
  const isTheirs = Buffer.from(assertion.response.userHandle, "base64url").toString() === user.id;
  const signed = isTheirs ? await verifyAssertion(runtime, assertion, passkey, challenge) : null;
  if (!signed) {
    await recordRefusal(runtime, user.id, from, "passkey");
    throw refused();
  }
  if (user.suspendedAt !== null) throw suspended();
  if (!(await takeCount(db, passkey.id, signed, runtime.clock.now()))) {
    if (!(await passkeyByCredential(db, assertion.id))) throw unknown();
    await recordRefusal(runtime, user.id, from, "passkey", "counter");
    throw refused();
  }
  const event = { action: "session.started", details: { by: "passkey" } } as const;
  return openSession(runtime, toUser(user), request, await personAudit(runtime, user.id, from, event));
}
