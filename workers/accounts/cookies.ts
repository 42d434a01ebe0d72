import { parse, serialize } from "hono/utils/cookie";
import type { Config } from "../platform/config/config.ts";
import { cookieName } from "../platform/http/security-headers.ts";

/** The value of a cookie of this product in a request's headers; empty where there is none. */
export function cookieIn(config: Config, headers: Headers, name: string): string {
  const full = cookieName(config, name);
  return parse(headers.get("Cookie") ?? "", full)[full] ?? "";
}

/** The line that sets a cookie for `maxAge` seconds, out of reach of scripts. Lax, as browsers come back from providers' sites. */
export function cookieLine(config: Config, name: string, value: string, maxAge: number): string {
  const secure = config.ENVIRONMENT === "production";
  return serialize(cookieName(config, name), value, { path: "/", httpOnly: true, sameSite: "Lax", maxAge, secure });
}

/** An answer whose headers set cookies. */
export interface WithCookies<B> {
  body: B;
  cookies: string[];
}

/** The response with cookies set on it. */
export function withCookies(response: Response, cookies: string[]): Response {
  for (const cookie of cookies) response.headers.append("Set-Cookie", cookie);
  return response;
}

/** JSON that no cache may keep, with its cookies. */
export function answer<B>({ body, cookies }: WithCookies<B>, status: 200 | 201): Response {
  return withCookies(Response.json(body, { status, headers: { "Cache-Control": "no-store" } }), cookies);
}
