import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** A new secret of 256 random bits, safe in links and headers. */
export const newSecret = () => randomBytes(32).toString("base64url");

/** SHA-256 in hex: enough for secrets with 256 random bits. `purpose` keeps those of one kind from passing for another. */
export function secretHash(purpose: string, secret: string): string {
  return createHash("sha256").update(`${purpose}:${secret}`).digest("hex");
}

/** Whether what was sent is the secret that is expected; how long it takes tells nothing but their lengths. */
export function isSameSecret(sent: string, expected: string): boolean {
  const [a, b] = [Buffer.from(sent), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
