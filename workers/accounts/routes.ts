import { Hono } from "hono";
import { describe, type RuntimeEnv, validate } from "../platform/http.ts";
import { loginInput, registerInput, sessionToken } from "./contract.ts";
import { logout } from "./read-session.ts";
import { login, register, type SignedIn } from "./sign-in.ts";

const tags = ["Accounts"];

function answer({ body, headers }: SignedIn, status: 200 | 201): Response {
  const all = new Headers({ "Content-Type": "application/json", "Cache-Control": "no-store" });
  for (const cookie of headers.getSetCookie()) all.append("Set-Cookie", cookie);
  return new Response(JSON.stringify(body), { status, headers: all });
}

export const accountRoutes = new Hono<RuntimeEnv>()
  .post(
    "/auth/register",
    describe({ summary: "Create an account", tags, open: true, responses: { 201: sessionToken } }),
    validate("json", registerInput),
    async (c) => answer(await register(c.var.runtime, c.req.valid("json")), 201),
  )
  .post(
    "/auth/login",
    describe({ summary: "Sign in", tags, open: true, responses: { 200: sessionToken } }),
    validate("json", loginInput),
    async (c) => answer(await login(c.var.runtime, c.req.valid("json")), 200),
  )
  .post(
    "/auth/logout",
    describe({ summary: "Sign out", tags, responses: { 204: "The session has ended." } }),
    async (c) => {
      const ended = await logout(c.var.runtime, c.req.raw.headers);
      const headers = new Headers();
      for (const cookie of ended.getSetCookie()) headers.append("Set-Cookie", cookie);
      return new Response(null, { status: 204, headers });
    },
  );
