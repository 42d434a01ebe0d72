import { z } from "zod";
import type { Runtime } from "../../platform/runtime.ts";
import { cleanLine } from "../../platform/single-line.ts";
import { policyOf } from "../consents.ts";
import { mails, sendNotice } from "../mails.ts";
import { type Person, personByEmail } from "../person-queries.ts";
import type { Newcomer } from "./oauth-agreement.ts";
import type { Identity } from "./oauth-identity.ts";
import { insertLinkedPerson, type LinkStatements, linkedPerson, linkPerson } from "./oauth-queries.ts";
import { OAuthRefusal } from "./oauth-refusal.ts";

const address = z.email().max(254);

/** Who says who somebody is. */
export interface Authority {
  /**
   * Ids of people are unique only there, so accounts are stored by it: another issuer in the settings must not find the people of the
   * one before.
   */
  authority: string;
  /** As its button says it. */
  name: string;
}

/** What is stored together with a person's first sign-in by an authority. */
export type AtFirst = (link: { userId: string }) => LinkStatements | Promise<LinkStatements>;

/** The address of an identity, as accounts have it. Throws `OAuthRefusal` where it is none, or is not confirmed there. */
export function confirmedAddress(identity: Identity): string {
  const email = address.safeParse(identity.email).data?.toLowerCase();
  if (!identity.emailVerified || email === undefined) throw new OAuthRefusal("email_unverified");
  return email;
}

const nameOf = (identity: Identity, email: string) =>
  cleanLine(identity.name ?? "", 100) || cleanLine(email.split("@")[0] ?? "", 100) || email;

/** Who has no account yet, where making one takes their agreement to the terms; else null. Throws `OAuthRefusal`. */
export async function newcomerIn(
  runtime: Runtime,
  { authority }: Authority,
  identity: Identity,
): Promise<Newcomer | null> {
  const email = confirmedAddress(identity);
  if (policyOf(runtime.config).version === null) return null;
  const { db } = runtime;
  const link = { authority, subject: identity.subject };
  if ((await linkedPerson(db, link)) || (await personByEmail(db, email))) return null;
  return { email, name: nameOf(identity, email), ...link };
}

/** Whose account it is: the one that is linked, the one of the address if that is confirmed on both sides, or a new one. Throws `OAuthRefusal`. */
export async function personOf(
  runtime: Runtime,
  { authority, name }: Authority,
  identity: Identity,
  atFirst: AtFirst = () => [],
): Promise<Person> {
  const email = confirmedAddress(identity);
  const { db } = runtime;
  const now = runtime.clock.now();
  const link = { authority, subject: identity.subject };
  const known = await linkedPerson(db, link);
  if (known) return known;
  const made = await insertLinkedPerson(db, { email, name: nameOf(identity, email), link, atFirst }, now);
  if (made) return made;
  const holder = (await personByEmail(db, email))?.user;
  // Whoever made it may be somebody else, who waits for the owner of the address to come in.
  if (!holder?.emailVerified) throw new OAuthRefusal("account_unconfirmed");
  if (holder.suspendedAt !== null) throw new OAuthRefusal("suspended");
  if (await linkPerson(db, { userId: holder.id, email, link, atFirst }, now)) {
    await sendNotice(runtime, mails.providerLinked(runtime, email, name));
    return holder;
  }
  // The same person may have come in twice at once. Else the provider has given the address to somebody new.
  const meanwhile = await linkedPerson(db, link);
  if (!meanwhile) throw new OAuthRefusal("already_linked");
  return meanwhile;
}
