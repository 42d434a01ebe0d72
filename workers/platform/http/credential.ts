import { parse } from "hono/utils/cookie";
import type { Config } from "../config/config.ts";
import { cookieName } from "./security-headers.ts";
import { socketBearers } from "./socket-bearer.ts";

/** The session of a signed-in browser. */
export const sessionCookie = "understudy.session_token";
/** Holds a visitor's token, so that a page needs no script to stay the same visitor. */
export const visitorCookie = "understudy_visitor";
/** The workspace that was chosen in the app. */
export const workspaceCookie = "understudy_workspace";

/**
 * By what a request says who sends it: exactly one thing. A bearer is it, valid or not (`token` is null where it cannot be one), and no cookie is
 * looked at beside it. Without a bearer it is what our own cookies hold: a session, or else a visitor's token.
 */
export type Credential =
  | { kind: "nobody" }
  | { kind: "bearer"; token: string | null }
  | { kind: "cookies"; session: string | null; visitor: string | null; workspace: string | null };

export const nobody: Credential = { kind: "nobody" };

/** `Bearer`, also behind another scheme: two lines of `Authorization` come as one, joined by a comma. */
const namesBearer = /(?:^|,)[ \t]*bearer(?![\w-])/i;

/** All bearers that a request brings; null among them for one that cannot be read. */
function bearersIn(headers: Headers): (string | null)[] {
  const authorization = headers.get("Authorization") ?? "";
  const inHeader = namesBearer.test(authorization) ? [/^bearer[ \t]+([^\s,]+)$/i.exec(authorization)?.[1] ?? null] : [];
  return [...inHeader, ...socketBearers(headers)];
}

/** The one credential in a request's headers. Other schemes than `Bearer`, such as a proxy's `Basic`, are none. */
export function credentialIn(headers: Headers, config: Pick<Config, "ENVIRONMENT">): Credential {
  const [bearer, ...others] = bearersIn(headers);
  // Who names two has not said which.
  if (bearer !== undefined) return { kind: "bearer", token: others.every((each) => each === bearer) ? bearer : null };
  const cookies = headers.get("Cookie") ?? "";
  const cookie = (name: string) => parse(cookies, cookieName(config, name))[cookieName(config, name)] || null;
  const [session, visitor] = [cookie(sessionCookie), cookie(visitorCookie)];
  if (session === null && visitor === null) return nobody;
  return { kind: "cookies", session, visitor, workspace: cookie(workspaceCookie) };
}
