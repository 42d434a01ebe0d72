import { z } from "zod";
import type { Runtime } from "../../platform/runtime.ts";
import { newSecret, secretHash } from "../secrets.ts";
import { deleteExpiredVerifications, insertVerification, takeVerification } from "../verification-queries.ts";

/** Milliseconds in which a person signs in at the provider. */
const patience = 10 * 60 * 1000;

const pending = z.object({
  provider: z.string(),
  codeVerifier: z.string(),
  nonce: z.string(),
  /** A path of this site. */
  returnTo: z.string(),
  /** The hash of what only the browser has that began. */
  browser: z.string(),
});
type Pending = z.output<typeof pending>;

/** A sign-in that has begun: `state` goes through the provider, `browser` into a cookie. */
export interface Begun {
  state: string;
  browser: string;
  codeVerifier: string;
  nonce: string;
}

const identifierOf = (state: string) => `oauth:${secretHash("oauth-state", state)}`;

/** Writes down that a browser was sent to a provider. `returnTo` is a path of this site. */
export async function begin(
  { db, clock }: Runtime,
  { provider, returnTo }: Pick<Pending, "provider" | "returnTo">,
): Promise<Begun> {
  const now = clock.now();
  const begun = { state: newSecret(), browser: newSecret(), codeVerifier: newSecret(), nonce: newSecret() };
  const { codeVerifier, nonce } = begun;
  const browser = secretHash("oauth-browser", begun.browser);
  const value = JSON.stringify({ provider, codeVerifier, nonce, returnTo, browser } satisfies Pending);
  await db.batch([
    deleteExpiredVerifications(db, now),
    insertVerification(db, { identifier: identifierOf(begun.state), value, lifetime: patience }, now),
  ]);
  return begun;
}

/** Whether what came back is in the browser that began. */
export const isFrom = ({ browser }: Pick<Pending, "browser">, cookie: string) =>
  browser === secretHash("oauth-browser", cookie);

/**
 * Takes a sign-in that has begun, in whichever browser: what it was, or null where it is unknown, too old, or was taken before. Nobody
 * may be signed in by it before `isFrom` has told that the browser is the same.
 */
export async function takeAnywhere({ db, clock }: Runtime, state: string): Promise<Pending | null> {
  const taken = await takeVerification(db, identifierOf(state), clock.now());
  return taken === null ? null : pending.parse(JSON.parse(taken));
}

/** Takes a sign-in that has begun in this browser: what it was, or null where it is unknown, too old, was taken before, or began elsewhere. */
export async function take(runtime: Runtime, state: string, browser: string): Promise<Pending | null> {
  const found = await takeAnywhere(runtime, state);
  return found && isFrom(found, browser) ? found : null;
}
