import { randomBytes } from "node:crypto";
import type { Runtime } from "../../platform/runtime.ts";
import { openSecret, sealSecret } from "../../platform/secrets/secret-box.ts";
import { isSameSecret, newSecret, secretHash } from "../secrets.ts";
import { findFactor, takeRecoveryCode, takeStep } from "../two-factor-queries.ts";
import { base32, codeOf, otpauthUrl, stepAt } from "./totp.ts";

/** Steps before and after the present one whose codes count too: clocks of telephones are off, and people type slowly. */
const slack = 1;
const issuer = "Understudy";

const placeOf = (userId: string) => ({ table: "two_factors", row: userId, column: "secret" });

/** A new secret, closed for a person's row, and the address that authenticator apps read (RFC 6238, six digits, 30 s). */
export async function newFactor(runtime: Runtime, { id, email }: { id: string; email: string }) {
  // 120 bits, as characters: authenticators get the base32 of their bytes.
  const secret = newSecret().slice(0, 20);
  return {
    box: await sealSecret(runtime.config, placeOf(id), secret),
    url: otpauthUrl(secret, issuer, email),
    base32: base32(secret),
  };
}

/** Takes a person's code from their authenticator: once each, and none older than the last. */
async function takeTotp(runtime: Runtime, userId: string, code: string): Promise<boolean> {
  const { db } = runtime;
  const factor = await findFactor(db, userId);
  if (!factor) return false;
  const secret = await openSecret(runtime.config, placeOf(userId), factor.secret);
  const present = stepAt(runtime.clock.now());
  for (let step = present - slack; step <= present + slack; step++) {
    if (isSameSecret(code, codeOf(secret, step))) return takeStep(db, userId, step);
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
