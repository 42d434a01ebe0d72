import { hkdfSync } from "node:crypto";
import { type JWTPayload, jwtVerify, SignJWT } from "jose";
import type { z } from "zod";
import type { Config } from "../config/config.ts";

const issuer = "understudy";
/** By configuration and purpose. */
const keys = new WeakMap<Config, Map<string, Uint8Array>>();

// A key for each purpose: a token of one can never pass for one of another that the same secret signs.
function keyFor(config: Config, purpose: string): Uint8Array {
  const known = keys.get(config) ?? new Map<string, Uint8Array>();
  keys.set(config, known);
  const key = known.get(purpose) ?? new Uint8Array(hkdfSync("sha256", config.AUTH_SECRET, "", audienceOf(purpose), 32));
  known.set(purpose, key);
  return key;
}

const audienceOf = (purpose: string) => `${issuer}:${purpose}`;
const typeOf = (purpose: string) => `${purpose}+jwt`;

/** A signed token that says `claims` for one purpose until `expiresAt` (ms). */
export function signed(
  config: Config,
  purpose: string,
  claims: JWTPayload,
  { now, expiresAt }: { now: number; expiresAt: number },
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256", typ: typeOf(purpose) })
    .setIssuer(issuer)
    .setAudience(audienceOf(purpose))
    .setIssuedAt(Math.floor(now / 1000))
    .setExpirationTime(Math.floor(expiresAt / 1000))
    .sign(keyFor(config, purpose));
}

/** What a token says, or null for one that is forged, expired, or made for something else. `now` in ms. */
export async function readSigned<S extends z.ZodType>(
  config: Config,
  purpose: string,
  token: string,
  now: number,
  shape: S,
): Promise<z.output<S> | null> {
  try {
    const { payload } = await jwtVerify(token, keyFor(config, purpose), {
      issuer,
      audience: audienceOf(purpose),
      typ: typeOf(purpose),
      algorithms: ["HS256"],
      currentDate: new Date(now),
    });
    return shape.parse(payload);
  } catch {
    // Whatever is wrong with it, it is no such token; the caller says what that means.
    return null;
  }
}
