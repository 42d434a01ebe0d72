import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";
import { z } from "zod";
import { type Authorization, authorizationUrl, type CodeExchange, exchangeCode } from "./authorization-code.ts";
import { fetchFrom } from "./oauth-fetch.ts";
import type { Identity } from "./oauth-identity.ts";
import type { OAuthProvider } from "./oauth-providers.ts";
import { OAuthRefusal } from "./oauth-refusal.ts";

/** Signatures by the provider's own key; never `none`, nor by a secret that both sides have. */
const algorithms = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];
/** Seconds by which the provider's clock may be off. */
const clockTolerance = 60;
/** An id token is made for the code that was just sent. */
const maxTokenAge = "10 minutes";

const metadata = z.object({
  issuer: z.string(),
  // A browser is sent there, whoever named it.
  authorization_endpoint: z.url({ protocol: /^https?$/ }),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  userinfo_endpoint: z.url().optional(),
  // The defaults are those of OpenID Connect Discovery 1.0.
  token_endpoint_auth_methods_supported: z.array(z.string()).default(["client_secret_basic"]),
  authorization_response_iss_parameter_supported: z.boolean().default(false),
});
type Metadata = z.output<typeof metadata>;

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });
const tokens = z.object({ id_token: z.string(), access_token: z.string() });
const claims = z.object({
  sub: z.string().min(1).max(255),
  email: z.string().optional(),
  // Some providers send it as text.
  email_verified: z.union([z.boolean(), z.stringbool()]).optional(),
  name: z.string().optional(),
});

const refuse = (message: string) => new OAuthRefusal("provider_failed", new Error(message));

/** What a provider says of itself, which must be the issuer that was asked (OpenID Connect Discovery 1.0, 4.3). */
async function discover({ authority, ask }: OAuthProvider): Promise<Metadata> {
  const found = await fetchFrom(ask, `${authority.replace(/\/$/, "")}/.well-known/openid-configuration`, metadata);
  if (found.issuer !== authority) throw refuse(`the issuer calls itself ${found.issuer}, and ${authority} is set`);
  return found;
}

/** Where a browser is sent to sign in at a provider of OpenID Connect. Throws `OAuthRefusal`. */
export async function oidcAuthorization(provider: OAuthProvider, authorization: Authorization): Promise<URL> {
  const { authorization_endpoint } = await discover(provider);
  const { nonce } = authorization;
  return authorizationUrl(authorization_endpoint, provider, authorization, { scope: "openid email profile", nonce });
}

const authorized = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });

interface Expected {
  nonce: string;
  /** Milliseconds. */
  now: number;
}

/** The claims of an id token that was made for this installation and this sign-in. Throws `OAuthRefusal`. */
export async function verifyIdToken(
  { authority, clientId }: Pick<OAuthProvider, "authority" | "clientId">,
  idToken: string,
  keys: JSONWebKeySet,
  { nonce, now }: Expected,
): Promise<JWTPayload> {
  let payload: JWTPayload;
  try {
    const verified = await jwtVerify(idToken, createLocalJWKSet(keys), {
      issuer: authority,
      audience: clientId,
      algorithms,
      requiredClaims: ["sub", "exp", "iat"],
      maxTokenAge,
      clockTolerance,
      currentDate: new Date(now),
    });
    payload = verified.payload;
  } catch (error) {
    throw new OAuthRefusal("provider_failed", error);
  }
  // Made for several, it says who asked for it (OpenID Connect Core 1.0, 3.1.3.7).
  const others = Array.isArray(payload.aud) && payload.aud.length > 1;
  if (payload.azp === undefined ? others : payload.azp !== clientId) throw refuse("the id token is for somebody else");
  if (payload.nonce !== nonce) throw refuse("the id token is of another sign-in");
  return payload;
}

/**
 * Who signed in at a provider of OpenID Connect. `issuer` is what came back with the code (RFC 9207), where the provider sends it.
 * Throws `OAuthRefusal`.
 */
export async function oidcIdentity(
  provider: OAuthProvider,
  exchange: CodeExchange,
  { issuer, ...expected }: Expected & { issuer: string | undefined },
): Promise<Identity> {
  const found = await discover(provider);
  const isNamed = issuer !== undefined || found.authorization_response_iss_parameter_supported;
  if (isNamed && issuer !== provider.authority) throw refuse("the code is of another issuer");
  const methods = found.token_endpoint_auth_methods_supported;
  const authentication = methods.includes("client_secret_basic") ? "basic" : "post";
  const shape = tokens;
  const [{ id_token, access_token }, keys] = await Promise.all([
    exchangeCode(provider, found.token_endpoint, exchange, { authentication, shape }),
    // Anew each time, so that a key which the provider has changed is known at once.
    fetchFrom(provider.ask, found.jwks_uri, keySet),
  ]);
  const payload = await verifyIdToken(provider, id_token, keys as JSONWebKeySet, expected);
  const said = claims.parse(payload);
  const more = said.email === undefined && found.userinfo_endpoint;
  const asked = more ? await fetchFrom(provider.ask, more, claims, authorized(access_token)) : said;
  if (asked.sub !== said.sub) throw refuse("the profile is of another person");
  return {
    subject: said.sub,
    email: asked.email,
    emailVerified: asked.email_verified === true,
    name: asked.name ?? said.name,
  };
}
