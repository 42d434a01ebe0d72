import { and, eq, gt } from "drizzle-orm";
import { z } from "zod";
import { verifications } from "../../db/schema/accounts.ts";
import { samlAssertions } from "../../db/schema/sso.ts";
import { newId } from "../../platform/ids.ts";
import type { Runtime } from "../../platform/runtime.ts";
import type { Identity } from "../providers/oauth-identity.ts";
import { newSecret, secretHash } from "../secrets.ts";

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
  const now = clock.now();
  const at = new Date(now);
  await db.insert(verifications).values({
    id: newId("attempt"),
    identifier: identifierOf(token),
    value: JSON.stringify(what),
    expiresAt: new Date(now + patience),
    createdAt: at,
    updatedAt: at,
  });
  return token;
}

/** Takes what is held: null where it is unknown, too old, or was taken before. */
export async function takeHeld({ db, clock }: Runtime, token: string): Promise<Held | null> {
  const [taken] = await db
    .delete(verifications)
    .where(and(eq(verifications.identifier, identifierOf(token)), gt(verifications.expiresAt, new Date(clock.now()))))
    .returning({ value: verifications.value });
  return taken ? (held.parse(JSON.parse(taken.value)) as Held) : null;
}

/** Takes an assertion's ID: false where it was taken before. */
export async function takeAssertion(
  { db, clock }: Runtime,
  { provider, id, expiresAt }: { provider: string; id: string; expiresAt: number },
): Promise<boolean> {
  const row = {
    hash: secretHash(`saml:${provider}`, id),
    expiresAt: Math.min(expiresAt, clock.now() + longest),
  };
  const taken = await db
    .insert(samlAssertions)
    .values(row)
    .onConflictDoNothing()
    .returning({ hash: samlAssertions.hash });
  return taken.length > 0;
}
