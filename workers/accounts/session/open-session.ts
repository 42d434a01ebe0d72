import type { z } from "zod";
import type { AuditStatements } from "../../audit/record.ts";
import { newId } from "../../platform/ids.ts";
import type { Call } from "../../platform/open-operation.ts";
import type { sessionToken, User } from "../contract.ts";
import type { WithCookies } from "../cookies.ts";
import { newSecret } from "../secrets.ts";
import { ownDeviceCookie } from "./own-device.ts";
import { sessionCookieLine } from "./session-cookie.ts";
import { insertSession } from "./session-queries.ts";
import { insertTokens } from "./token-queries.ts";
import { accessLifetime, newPair, sessionLifetime, type TokenPair } from "./tokens.ts";

type Tokens = z.output<typeof sessionToken>;

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
 * Opens a session for a person who has shown who they are: as a cookie for browsers, and as tokens for programs. It is always a new
 * one, whatever the call came with, and stored together with `audit`.
 */
export async function openSession(call: Call, user: User, audit: AuditStatements): Promise<SignedIn> {
  const { db, config, clock, headers } = call;
  const now = clock.now();
  const at = new Date(now);
  const session = {
    id: newId("session"),
    token: newSecret(),
    userId: user.id,
    expiresAt: new Date(now + sessionLifetime * 1000),
    ipAddress: headers.get("CF-Connecting-IP") ?? "",
    userAgent: (headers.get("User-Agent") ?? "").slice(0, 500),
    createdAt: at,
    updatedAt: at,
  };
  const { pair, row } = newPair(now);
  const [device] = await Promise.all([
    ownDeviceCookie(call, user.id),
    db.batch([insertSession(db, session), insertTokens(db, { ...row, sessionId: session.id }), ...audit]),
  ]);
  return { body: tokensBody(pair, user), cookies: [sessionCookieLine(config, session.token), device] };
}
