import { z } from "zod";
import type { Runtime } from "../../platform/runtime.ts";
import type { Identity } from "../providers/oauth-identity.ts";
import { newSecret, secretHash } from "../secrets.ts";
import { insertVerification, takeVerification } from "../verification-queries.ts";
import { insertAssertion } from "./assertion-queries.ts";

/** Milliseconds between a provider's post and the page that the browser is led to by it. */
const patience = 2 * 60 * 1000;
/** However long a provider says that an assertion counts, its request counts for ten minutes. */
const longest = 60 * 60 * 1000;

const held = z.object({
  provider: z.string(),
  identity: z.object({
    subject: z.string(),
    email: z.string().optional(),
    emailVerified: z.boolean(),
    name: z.string().optional(),
  }),
  returnTo: z.string(),
  /** The hash of what only the browser has that began. */
  browser: z.string(),
});
export type Held = z.output<typeof held> & { identity: Identity };

const identifierOf = (token: string) => `held:${secretHash("held-identity", token)}`;

/** Keeps who somebody is until their browser has shown that it is the one that began; the token to ask for it with, once. */
export async function hold({ db, clock }: Runtime, what: Held): Promise<string> {
  const token = newSecret();
  const waiting = { identifier: identifierOf(token), value: JSON.stringify(what), lifetime: patience };
  await insertVerification(db, waiting, clock.now());
  return token;
}

/** Takes what is held: null where it is unknown, too old, or was taken before. */
export async function takeHeld({ db, clock }: Runtime, token: string): Promise<Held | null> {
  const taken = await takeVerification(db, identifierOf(token), clock.now());
  return taken === null ? null : (held.parse(JSON.parse(taken)) as Held);
}

/** Takes an assertion's ID: false where it was taken before. */
export const takeAssertion = (
  { db, clock }: Runtime,
  { provider, id, expiresAt }: { provider: string; id: string; expiresAt: number },
): Promise<boolean> =>
  insertAssertion(db, {
    hash: secretHash(`saml:${provider}`, id),
    expiresAt: Math.min(expiresAt, clock.now() + longest),
  });
