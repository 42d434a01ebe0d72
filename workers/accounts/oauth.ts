import { z } from "zod";
import { connect } from "../db/client.ts";
import { publicUrl } from "../platform/public-url.ts";
import type { Runtime } from "../platform/runtime.ts";
import { type From, personAudit } from "./audit-person.ts";
import { policyOf } from "./consents.ts";
import { githubAuthorization, githubIdentity } from "./github-sign-in.ts";
import { mails, sendNotice } from "./mails.ts";
import { agreementToken, type Newcomer } from "./oauth-agreement.ts";
import type { Identity } from "./oauth-identity.ts";
import { type OAuthProvider, requireProvider } from "./oauth-providers.ts";
import { insertLinkedPerson, linkedPerson, linkPerson } from "./oauth-queries.ts";
import { OAuthRefusal } from "./oauth-refusal.ts";
import { begin, take } from "./oauth-state.ts";
import { oidcAuthorization, oidcIdentity } from "./oidc-sign-in.ts";
import { openSession } from "./open-session.ts";
import { toUser } from "./present-user.ts";
import { type Person, personByEmail } from "./queries.ts";
import { askForCode } from "./two-factor.ts";

const address = z.email().max(254);

/** Where a provider sends the browser back to: what is entered in its settings. */
export const callbackUrl = ({ config }: Pick<Runtime, "config">, provider: string) =>
  `${publicUrl(config)}/api/v1/auth/oauth/${provider}/callback`;

/** Begins a sign-in: the provider's address, and what only this browser may know. `returnTo` is a path of this site. Throws `not_found`, `OAuthRefusal`. */
export async function startOAuth(
  runtime: Runtime,
  id: string,
  returnTo: string,
): Promise<{ url: URL; browser: string }> {
  const provider = requireProvider(runtime, id);
  const { browser, ...begun } = await begin(runtime, { provider: provider.id, returnTo });
  const authorization = { ...begun, redirectURI: callbackUrl(runtime, provider.id) };
  const isGitHub = provider.protocol.kind === "github";
  const url = await (isGitHub ? githubAuthorization : oidcAuthorization)(provider, authorization);
  return { url, browser };
}

/** What a provider sends back with the browser, and the browser's own cookie. */
export interface OAuthAnswer {
  code?: string | undefined;
  state?: string | undefined;
  error?: string | undefined;
  iss?: string | undefined;
  browser: string;
}

/** A sign-in by a provider that succeeded: a session, or a token that waits for the second factor, or for a newcomer to agree. */
export interface OAuthSignedIn {
  cookies: string[];
  twoFactorToken?: string;
  agreementToken?: string;
}

type Finished = { returnTo: string } & (OAuthSignedIn | { refusal: OAuthRefusal });

/**
 * Ends a sign-in that came back from the provider. Throws `not_found` for a provider that is not set up, and `OAuthRefusal` for an
 * answer that belongs to no sign-in of this browser; any other refusal is returned with where the person wanted to go.
 */
export async function finishOAuth(
  runtime: Runtime,
  id: string,
  answer: OAuthAnswer,
  { request, from }: { request: Headers; from: From },
): Promise<Finished> {
  const provider = requireProvider(runtime, id);
  const begun = answer.state ? await take(runtime, answer.state, answer.browser) : null;
  if (begun?.provider !== provider.id) throw new OAuthRefusal("expired");
  const { returnTo, codeVerifier, nonce } = begun;
  try {
    if (!answer.code) throw new OAuthRefusal(answer.error === "access_denied" ? "cancelled" : "provider_failed");
    const exchange = { code: answer.code, codeVerifier, redirectURI: callbackUrl(runtime, provider.id) };
    const { protocol } = provider;
    const identity =
      protocol.kind === "github"
        ? await githubIdentity(provider, protocol.api, exchange)
        : await oidcIdentity(provider, exchange, { nonce, issuer: answer.iss, now: runtime.clock.now() });
    const found = await personOf(runtime, provider, identity);
    if ("newcomer" in found) {
      return { returnTo, cookies: [], agreementToken: await agreementToken(runtime, found.newcomer) };
    }
    return { returnTo, ...(await openFor(runtime, provider, found, request, from)) };
  } catch (error) {
    if (error instanceof OAuthRefusal) return { returnTo, refusal: error };
    throw error;
  }
}

async function openFor(
  runtime: Runtime,
  provider: OAuthProvider,
  person: Person,
  request: Headers,
  from: From,
): Promise<OAuthSignedIn> {
  if (person.suspendedAt !== null) throw new OAuthRefusal("suspended");
  const waiting = await askForCode(runtime, person.id);
  if (waiting) return { cookies: waiting.cookies, twoFactorToken: waiting.body.two_factor_token };
  const event = { action: "session.started", details: { by: provider.id } } as const;
  const audit = await personAudit(runtime, person.id, from, event);
  const { cookies } = await openSession(runtime, toUser(person), request, audit);
  return { cookies };
}

/**
 * Whose account it is: the one that is linked, the one of the address if that is confirmed on both sides, or a new one; a newcomer
 * where that takes their agreement first. Throws `OAuthRefusal`.
 */
async function personOf(
  runtime: Runtime,
  { authority, name }: OAuthProvider,
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
