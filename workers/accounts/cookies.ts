import type { Context, TypedResponse } from "hono";
import { parse, serialize } from "hono/utils/cookie";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { JSONParsed } from "hono/utils/types";
import type { z } from "zod";
import type { Config } from "../platform/config/config.ts";
import { cookieName } from "../platform/http/security-headers.ts";
import { type Call, serveAs } from "../platform/open-operation.ts";
import type { Operation } from "../platform/operation.ts";

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

/** What an operation comes to that also sets cookies. */
export interface WithCookies<B> {
  body: B;
  cookies: string[];
}

/** Sets cookies on the answer to come. */
export function setCookies(c: Pick<Context, "header">, cookies: string[]): void {
  for (const cookie of cookies) c.header("Set-Cookie", cookie, { append: true });
}

/** Answers with the body of the operation’s result, and sets its cookies; with 204 where it has no body. */
export function serveWithCookies<
  P extends string,
  Q extends z.ZodType,
  B extends z.ZodType,
  O extends z.ZodType,
  S extends ContentfulStatusCode | 204 = 200,
>(operation: Operation<Call, P, Q, B, O, WithCookies<z.input<O>>>, status: S = 200 as S) {
  type Answer = TypedResponse<JSONParsed<z.output<O>>, S, "json"> & Response;
  const { output, done = "It is done." } = operation;
  return serveAs(operation, {
    responses: { [status]: output ?? done },
    respond: (c, { body, cookies }) => {
      setCookies(c, cookies);
      return (output ? c.json(body as object, status as ContentfulStatusCode) : c.body(null, 204)) as unknown as Answer;
    },
  });
}
