import { createHash } from "node:crypto";
import type { z } from "zod";
import { fetchFrom } from "./oauth-fetch.ts";
import type { OAuthProvider } from "./oauth-providers.ts";

/** What a browser is sent to a provider with, and what only this side knows of it. */
export interface Authorization {
  state: string;
  codeVerifier: string;
  nonce: string;
  redirectURI: string;
}

/** Where a browser is sent to get a code (RFC 6749 4.1.1 with RFC 7636); `parameters` are the provider's own, or its protocol's. */
export function authorizationUrl(
  endpoint: string,
  { clientId }: Pick<OAuthProvider, "clientId">,
  { state, codeVerifier, redirectURI }: Omit<Authorization, "nonce">,
  parameters: { scope: string; nonce?: string },
): URL {
  const url = new URL(endpoint);
  const all = {
    response_type: "code",
    client_id: clientId,
    state,
    redirect_uri: redirectURI,
    code_challenge_method: "S256",
    code_challenge: createHash("sha256").update(codeVerifier).digest("base64url"),
    ...parameters,
  };
  for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value);
  return url;
}

/** A code that came back, and what shows that it is this side's. */
export interface CodeExchange {
  code: string;
  codeVerifier: string;
  redirectURI: string;
}

const formEncoded = (text: string) => new URLSearchParams({ text }).toString().slice("text=".length);

/** Changes a code for tokens (RFC 6749 4.1.3 with RFC 7636). Throws `OAuthRefusal`. */
export async function exchangeCode<S extends z.ZodType>(
  { clientId, clientSecret, ask }: Pick<OAuthProvider, "clientId" | "clientSecret" | "ask">,
  tokenEndpoint: string,
  { code, codeVerifier, redirectURI }: CodeExchange,
  { authentication, shape }: { authentication: "basic" | "post"; shape: S },
): Promise<z.output<S>> {
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    code,
    code_verifier: codeVerifier,
    redirect_uri: redirectURI,
  });
  const headers: Record<string, string> = {
    "Content-Type": "application/x-www-form-urlencoded",
    Accept: "application/json",
  };
  if (authentication === "post") {
    body.set("client_id", clientId);
    body.set("client_secret", clientSecret);
  } else {
    // Both are form-encoded before they are joined (RFC 6749 2.3.1).
    headers.Authorization = `Basic ${btoa(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`)}`;
  }
  return fetchFrom(ask, tokenEndpoint, shape, { method: "POST", body, headers });
}
