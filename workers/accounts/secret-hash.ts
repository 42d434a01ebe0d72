import { createHash, randomBytes } from "node:crypto";

/** A new secret of 256 random bits, safe in links and headers. */
export const newSecret = () => randomBytes(32).toString("base64url");

/** SHA-256 in hex: enough for secrets with 256 random bits. `purpose` keeps those of one kind from passing for another. */
export function secretHash(purpose: string, secret: string): string {
  return createHash("sha256").update(`${purpose}:${secret}`).digest("hex");
}
