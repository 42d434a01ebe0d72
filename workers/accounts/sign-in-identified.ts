import { z } from "zod";
import { connect } from "../db/client.ts";
import type { Runtime } from "../platform/runtime.ts";
import { type From, personAudit } from "./audit-person.ts";
import { policyOf } from "./consents.ts";
import type { LoginAnswer } from "./contract.ts";
import { mails, sendNotice } from "./mails.ts";
import type { Newcomer } from "./oauth-agreement.ts";
import type { Identity } from "./oauth-identity.ts";
import { insertLinkedPerson, linkedPerson, linkPerson } from "./oauth-queries.ts";
import { OAuthRefusal } from "./oauth-refusal.ts";
import { openSession, type WithCookies } from "./open-session.ts";
import { toUser } from "./present-user.ts";
import { type Person, personByEmail } from "./queries.ts";
import { askForCode } from "./two-factor.ts";

const address = z.email().max(254);

/** Who says that somebody is somebody. */
export interface Identifier {
  /** As the audit log has it. */
  id: string;
  /** As its button says it. */
  name: string;
  /** Where ids of people are unique: accounts are stored by it. */
  authority: string;
}

/** Opens a session for whoever a provider says it is, or asks for a code; names the newcomer who has to agree to the terms first. Throws `OAuthRefusal`. */
export async function signInIdentified(
  runtime: Runtime,
  provider: Identifier,
  identity: Identity,
  { request, from }: { request: Headers; from: From },
): Promise<WithCookies<LoginAnswer> | { newcomer: Newcomer }> {
  const person = await personOf(runtime, provider, identity);
  if ("newcomer" in person) return person;
  if (person.suspendedAt !== null) throw new OAuthRefusal("suspended");
  const waiting = await askForCode(runtime, person.id);
  if (waiting) return waiting;
  const event = { action: "session.started", details: { by: provider.id } } as const;
  return openSession(runtime, toUser(person), request, await personAudit(runtime, person.id, from, event));
}

/**
 * Whose account it is: the one that is linked, the one of the address if that is confirmed on both sides, or a new one; a newcomer
 * where that takes their agreement first. Throws `OAuthRefusal`.
 */
async function personOf(
  runtime: Runtime,
  { authority, name }: Identifier,
  identity: Identity,
): Promise<Person | { newcomer: Newcomer }> {
  const email = address.safeParse(identity.email).data?.toLowerCase();
  if (!identity.emailVerified || email === undefined) throw new OAuthRefusal("email_unverified");
  const db = connect(runtime.env.DB);
  const now = runtime.clock.now();
  const link = { authority, subject: identity.subject };
  const known = await linkedPerson(db, link);
  if (known) return known;
  const called = identity.name?.trim().slice(0, 100) || (email.split("@")[0] ?? email);
  if (policyOf(runtime.config).version !== null && !(await personByEmail(db, email))) {
    return { newcomer: { email, name: called, ...link } };
  }
  const made = await insertLinkedPerson(db, { email, name: called, link, consent: null }, now);
  if (made) return made;
  const holder = (await personByEmail(db, email))?.user;
  // Whoever made it may be somebody else, who waits for the owner of the address to come in.
  if (!holder?.emailVerified) throw new OAuthRefusal("account_unconfirmed");
  if (holder.suspendedAt !== null) throw new OAuthRefusal("suspended");
  if (await linkPerson(db, { userId: holder.id, email, link }, now)) {
    await sendNotice(runtime, mails.providerLinked(runtime, email, name));
    return holder;
  }
  // The same person may have come in twice at once. Else the provider has given the address to somebody new.
  const meanwhile = await linkedPerson(db, link);
  if (!meanwhile) throw new OAuthRefusal("already_linked");
  return meanwhile;
}
