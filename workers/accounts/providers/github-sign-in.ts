import { createAuthorizationURL } from "@better-auth/core/oauth2";
import { z } from "zod";
import { type CodeExchange, exchangeCode, fetchFrom } from "./oauth-fetch.ts";
import type { Authorization, Identity } from "./oauth-identity.ts";
import type { OAuthProvider } from "./oauth-providers.ts";

const tokens = z.object({ access_token: z.string() });
const profile = z.object({ id: z.number().int().positive(), login: z.string(), name: z.string().nullish() });
const emails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

/** Where a browser is sent to sign in at GitHub. */
export function githubAuthorization(
  provider: OAuthProvider,
  { state, codeVerifier, redirectURI }: Authorization,
): Promise<URL> {
  return createAuthorizationURL({
    id: provider.id,
    options: { clientId: provider.clientId },
    authorizationEndpoint: `${provider.authority}/login/oauth/authorize`,
    scopes: ["read:user", "user:email"],
    state,
    codeVerifier,
    redirectURI,
  });
}

/** Who signed in at GitHub, with their primary address. Throws `OAuthRefusal`. */
export async function githubIdentity(provider: OAuthProvider, api: string, exchange: CodeExchange): Promise<Identity> {
  // A code that does not count is answered with 200 and no token.
  const { access_token } = await exchangeCode(provider, `${provider.authority}/login/oauth/access_token`, exchange, {
    authentication: "post",
    shape: tokens,
  });
  const init = {
    headers: {
      Accept: "application/vnd.github+json",
      Authorization: `Bearer ${access_token}`,
      // GitHub refuses calls without one.
      "User-Agent": "Understudy",
    },
  };
  const [person, addresses] = await Promise.all([
    fetchFrom(provider.ask, `${api}/user`, profile, init),
    fetchFrom(provider.ask, `${api}/user/emails`, emails, init),
  ]);
  const primary = addresses.find((each) => each.primary);
  return {
    subject: String(person.id),
    email: primary?.email,
    emailVerified: primary?.verified === true,
    name: person.name ?? person.login,
  };
}
