import { z } from "zod";
import { type Authorization, authorizationUrl, type CodeExchange, exchangeCode } from "./authorization-code.ts";
import { fetchFrom } from "./oauth-fetch.ts";
import type { Identity } from "./oauth-identity.ts";
import type { OAuthProvider } from "./oauth-providers.ts";

const tokens = z.object({ access_token: z.string() });
const profile = z.object({ id: z.number().int().positive(), login: z.string(), name: z.string().nullish() });
const emails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

/** Where a browser is sent to sign in at GitHub. */
export function githubAuthorization(provider: OAuthProvider, authorization: Authorization): URL {
  const endpoint = `${provider.authority}/login/oauth/authorize`;
  return authorizationUrl(endpoint, provider, authorization, { scope: "read:user user:email" });
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
