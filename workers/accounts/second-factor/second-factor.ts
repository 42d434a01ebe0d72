import { randomBytes, timingSafeEqual } from "node:crypto";
import { createOTP } from "@better-auth/utils/otp";
import type { Runtime } from "../../platform/runtime.ts";
import { openSecret, sealSecret } from "../../platform/secrets/secret-box.ts";
import { newSecret, secretHash } from "../secret-hash.ts";
import { findFactor, takeRecoveryCode, takeStep } from "../two-factor-queries.ts";

const period = 30_000;
/** Steps before and after the present one whose codes count too: clocks of telephones are off, and people type slowly. */
const slack = 1;
const issuer = "Understudy";

const placeOf = (userId: string) => ({ table: "two_factors", row: userId, column: "secret" });
const isSame = (a: string, b: string) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** A new secret, closed for a person's row, and the address that authenticator apps read (RFC 6238, six digits, 30 s). */
export async function newFactor(runtime: Runtime, { id, email }: { id: string; email: string }) {
  // 120 bits, as characters: authenticators get the base32 of their bytes.
  const secret = newSecret().slice(0, 20);
  const url = createOTP(secret).url(issuer, email);
  return {
    box: await sealSecret(runtime.config, placeOf(id), secret),
    url,
    base32: new URL(url).searchParams.get("secret") ?? "",
  };
}

/** Takes a person's code from their authenticator: once each, and none older than the last. */
async function takeTotp(runtime: Runtime, userId: string, code: string): Promise<boolean> {
  const { db } = runtime;
  const factor = await findFactor(db, userId);
  if (!factor) return false;
  const otp = createOTP(await openSecret(runtime.config, placeOf(userId), factor.secret));
  const present = Math.floor(runtime.clock.now() / period);
  for (let step = present - slack; step <= present + slack; step++) {
    if (isSame(await otp.hotp(step), code)) return takeStep(db, userId, step);
  }
  return false;
}

// Crockford's base32: nothing in it is mistaken for something else.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const recoveryCodes = 10;

/** New recovery codes, 80 bits each, and the hashes that are kept of them. */
export function newRecoveryCodes(userId: string): { codes: string[]; hashes: string[] } {
  const codes = Array.from({ length: recoveryCodes }, () => {
    const letters = [...randomBytes(16)].map((byte) => alphabet[byte % 32]).join("");
    return letters.replace(/(.{4})(?=.)/g, "$1-");
  });
  return { codes, hashes: codes.map((code) => recoveryHash(userId, code)) };
}

const recoveryHash = (userId: string, code: string) =>
  secretHash(`recovery:${userId}`, code.toLowerCase().replace(/[\s-]/g, "").replaceAll("o", "0").replace(/[il]/g, "1"));

/** Takes a code from an authenticator or a recovery code; each is accepted once, whatever runs in parallel. */
export function takeCode(runtime: Runtime, userId: string, code: string): Promise<boolean> {
  const digits = code.replace(/[\s-]/g, "");
  if (/^\d{6}$/.test(digits)) return takeTotp(runtime, userId, digits);
  const { db } = runtime;
  return takeRecoveryCode(db, userId, recoveryHash(userId, code), runtime.clock.now());
}
