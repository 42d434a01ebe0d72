import { authorizationCodeRequest } from "@better-auth/core/oauth2";
import type { z } from "zod";
import type { OAuthProvider } from "./oauth-providers.ts";
import { OAuthRefusal } from "./oauth-refusal.ts";

/** A person waits meanwhile, with their browser between two pages. */
const patienceMs = 10_000;

/**
 * JSON of a provider, in the shape that is needed. Redirects are not followed, as they could lead anywhere. Throws `OAuthRefusal`
 * with `provider_failed`, whose cause tells the log what was wrong but nothing of the answer's body, in which tokens may stand.
 */
export async function fetchFrom<S extends z.ZodType>(
  url: string,
  shape: S,
  init: RequestInit = {},
): Promise<z.output<S>> {
  const failed = (cause: unknown) => new OAuthRefusal("provider_failed", cause);
  let response: Response;
  try {
    response = await fetch(url, { ...init, redirect: "manual", signal: AbortSignal.timeout(patienceMs) });
  } catch (error) {
    throw failed(error);
  }
  const where = `${new URL(url).origin}${new URL(url).pathname}`;
  if (!response.ok) throw failed(new Error(`${where} answered ${response.status}`));
  const body = await response.json().catch(() => null);
  const read = shape.safeParse(body);
  if (!read.success) throw failed(new Error(`${where} answered without ${read.error.issues[0]?.path.join(".")}`));
  return read.data;
}

export interface CodeExchange {
  code: string;
  codeVerifier: string;
  redirectURI: string;
}

/** Changes a code for tokens (RFC 6749 4.1.3 with RFC 7636). Throws `OAuthRefusal`. */
export async function exchangeCode<S extends z.ZodType>(
  { clientId, clientSecret }: OAuthProvider,
  tokenEndpoint: string,
  exchange: CodeExchange,
  { authentication, shape }: { authentication: "basic" | "post"; shape: S },
): Promise<z.output<S>> {
  const { body, headers } = await authorizationCodeRequest({
    ...exchange,
    options: { clientId, clientSecret },
    authentication,
    tokenEndpoint,
  });
  return fetchFrom(tokenEndpoint, shape, { method: "POST", body, headers: headers as Record<string, string> });
}
