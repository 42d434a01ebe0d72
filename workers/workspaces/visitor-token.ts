import { hkdfSync } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import type { Config } from "../platform/config.ts";

const issuer = "understudy";
const audience = "understudy:visitor";

/** Seconds for which an anonymous visitor keeps their conversations. */
export const visitorLifetime = 30 * 24 * 60 * 60;

const claims = z.object({ sub: z.string(), clone: z.string(), ws: z.string() });

export interface Visitor {
  visitorId: string;
  cloneId: string;
  workspaceId: string;
}

const keys = new WeakMap<Config, Uint8Array>();

// A key of its own: a visitor's token can never pass for anything else that the installation's secret signs.
function signingKey(config: Config): Uint8Array {
  let key = keys.get(config);
  if (!key) {
    key = new Uint8Array(hkdfSync("sha256", config.AUTH_SECRET, "", audience, 32));
    keys.set(config, key);
  }
  return key;
}

/** A signed token that makes its bearer one visitor of one clone, for `visitorLifetime`. `now` in ms. */
export function signVisitorToken(config: Config, visitor: Visitor, now: number): Promise<string> {
  const seconds = Math.floor(now / 1000);
  return new SignJWT({ clone: visitor.cloneId, ws: visitor.workspaceId })
    .setProtectedHeader({ alg: "HS256", typ: "visitor+jwt" })
    .setSubject(visitor.visitorId)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + visitorLifetime)
    .sign(signingKey(config));
}

/** The visitor whom a token names, or null for one that is forged, expired or of another kind. */
export async function readVisitorToken(config: Config, token: string, now: number): Promise<Visitor | null> {
  try {
    const { payload } = await jwtVerify(token, signingKey(config), {
      issuer,
      audience,
      typ: "visitor+jwt",
      algorithms: ["HS256"],
      currentDate: new Date(now),
    });
    const { sub, clone, ws } = claims.parse(payload);
    return { visitorId: sub, cloneId: clone, workspaceId: ws };
  } catch {
    // Whatever is wrong with it, it is not a visitor's token; the caller answers `unauthenticated`.
    return null;
  }
}
