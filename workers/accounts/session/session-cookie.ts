import { createHmac } from "node:crypto";
import type { Config } from "../../platform/config/config.ts";
import { sessionCookie } from "../../platform/http/credential.ts";
import { cookieLine } from "../cookies.ts";
import { isSameSecret } from "../secrets.ts";
import { sessionLifetime } from "./tokens.ts";

/** What makes a session's token, which the database has as it is, of use: nobody who only read the database can write it. */
const signatureOf = ({ AUTH_SECRET }: Config, token: string) =>
  createHmac("sha256", AUTH_SECRET).update(token).digest("base64");

/** The line that gives a browser its session: `<token>.<HMAC-SHA256 by AUTH_SECRET, base64>`. */
export const sessionCookieLine = (config: Config, token: string) =>
  cookieLine(config, sessionCookie, `${token}.${signatureOf(config, token)}`, sessionLifetime);

/** The line that takes it away. */
export const clearedSessionCookie = (config: Config) => cookieLine(config, sessionCookie, "", 0);

/** The token of a session in a cookie's value, decoded; null for one that was not signed here. */
export function signedToken(config: Config, value: string): string | null {
  const at = value.lastIndexOf(".");
  const token = value.slice(0, Math.max(at, 0));
  return token && isSameSecret(value.slice(at + 1), signatureOf(config, token)) ? token : null;
}
