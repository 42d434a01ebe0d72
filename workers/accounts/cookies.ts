import type { WithCookies } from "./session/open-session.ts";

/** The response with cookies set on it. */
export function withCookies(response: Response, cookies: string[]): Response {
  for (const cookie of cookies) response.headers.append("Set-Cookie", cookie);
  return response;
}

/** JSON that no cache may keep, with its cookies. */
export function answer<B>({ body, cookies }: WithCookies<B>, status: 200 | 201): Response {
  return withCookies(Response.json(body, { status, headers: { "Cache-Control": "no-store" } }), cookies);
}
