import { serializeSignedCookie } from "better-call";
import type { z } from "zod";
import type { AuditStatements } from "../../audit/record.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { auth } from "../auth.ts";
import type { sessionToken, User } from "../contract.ts";
import { ownDeviceCookie } from "./own-device.ts";
import { accessLifetime, issueTokens, sessionLifetime, type TokenPair } from "./tokens.ts";

type Tokens = z.output<typeof sessionToken>;

/** An answer whose headers set cookies. */
export interface WithCookies<B> {
  body: B;
  cookies: string[];
}
export type SignedIn = WithCookies<Tokens>;

/** A token pair as the API shows it. */
export function tokensBody({ access, refresh }: TokenPair, user: User): Tokens {
  return {
    access_token: access,
    token_type: "Bearer",
    expires_in: accessLifetime,
    refresh_token: refresh,
    refresh_expires_in: sessionLifetime,
    user,
  };
}

/**
 * Opens a session for a person who has shown who they are: as a cookie for browsers, and as tokens for programs. The account library
 * has stored the session by itself; nobody gets it unless `audit` is stored with its tokens.
 */
export async function openSession(
  runtime: Runtime,
  user: User,
  request: Headers,
  audit: AuditStatements,
): Promise<SignedIn> {
  const context = await auth(runtime).$context;
  const session = await context.internalAdapter.createSession(user.id, false, {
    ipAddress: request.get("CF-Connecting-IP") ?? "",
    userAgent: (request.get("User-Agent") ?? "").slice(0, 500),
  });
  const { name, attributes } = context.authCookies.sessionToken;
  const options = { ...attributes, maxAge: sessionLifetime };
  const [tokens, ...cookies] = await Promise.all([
    issueTokens(runtime.db, session.id, runtime.clock.now(), audit),
    serializeSignedCookie(name, session.token, context.secret, options),
    ownDeviceCookie(runtime, request, user.id),
  ]);
  return { body: tokensBody(tokens, user), cookies };
}
