import { createHmac } from "node:crypto";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/** Milliseconds. */
const period = 30_000;

/** The time step that codes are made for at `now` (ms). */
export const stepAt = (now: number) => Math.floor(now / period);

/** The six digits of a time step (RFC 4226 with the steps of RFC 6238). */
export function codeOf(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", secret).update(counter).digest();
  const at = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** A secret's bytes as authenticator apps take them (RFC 4648), without padding. */
export function base32(secret: string): string {
  const bits = [...Buffer.from(secret)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{1,5}/g) ?? []).map((five) => letters[Number.parseInt(five.padEnd(5, "0"), 2)]).join("");
}

/** The address that authenticator apps read from a QR code. */
export function otpauthUrl(secret: string, issuer: string, account: string): string {
  const settings = new URLSearchParams({ secret: base32(secret), issuer, digits: "6", period: String(period / 1000) });
  return `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(account)}?${settings}`;
}
