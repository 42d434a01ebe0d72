import { Hono } from "hono";
import { inBackground } from "../platform/background.ts";
import { describe, type RuntimeEnv, validate } from "../platform/http/http.ts";
import { callOf } from "../platform/open-operation.ts";
import { fromOf } from "./audit-person.ts";
import { consentRoutes } from "./consent-routes.ts";
import { loginAnswer, loginInput, refreshInput, registerInput, sessionToken } from "./contract.ts";
import { answer, withCookies } from "./cookies.ts";
import { ldapRoutes } from "./ldap/ldap-routes.ts";
import { passkeyRoutes } from "./passkeys/passkey-routes.ts";
import { emailRoutes } from "./password/email-routes.ts";
import { passwordRoutes } from "./password/password-routes.ts";
import { oauthRoutes } from "./providers/oauth-routes.ts";
import { twoFactorRoutes } from "./second-factor/two-factor-routes.ts";
import { refresh } from "./session/refresh.ts";
import { sessionRoutes } from "./session/session-routes.ts";
import { login, register } from "./session/sign-in.ts";
import { logout } from "./session/sign-out.ts";

const tags = ["Accounts"];

const signInRoutes = new Hono<RuntimeEnv>()
  .post(
    "/auth/register",
    describe({ limit: "auth", summary: "Create an account", tags, open: true, responses: { 201: sessionToken } }),
    validate("json", registerInput),
    async (c) => answer(await register(c.var.runtime, c.req.valid("json"), c.req.raw.headers), 201),
  )
  .post(
    "/auth/login",
    describe({
      limit: "auth",
      summary: "Sign in",
      description: "Where the account has a second factor, the answer asks for a code; see `/auth/2fa/verify`.",
      tags,
      open: true,
      responses: { 200: loginAnswer },
    }),
    validate("json", loginInput),
    async (c) => {
      const { runtime } = c.var;
      const by = { from: fromOf(callOf(c)), defer: (work: Promise<unknown>) => inBackground(runtime, work) };
      return answer(await login(runtime, c.req.valid("json"), c.req.raw.headers, by), 200);
    },
  )
  .post(
    "/auth/refresh",
    describe({
      summary: "Get the next tokens",
      description:
        "A refresh token works once. Used a second time, it ends its session, as somebody has a copy of it. Browsers, which have a cookie, need none.",
      tags,
      open: true,
      responses: { 200: sessionToken },
    }),
    validate("json", refreshInput),
    async (c) => {
      c.header("Cache-Control", "no-store");
      return c.json(await refresh(c.var.runtime, c.req.valid("json").refresh_token, fromOf(callOf(c))), 200);
    },
  )
  .post(
    "/auth/logout",
    describe({ summary: "Sign out", tags, responses: { 204: "The session has ended." } }),
    async (c) => {
      const cookies = await logout(c.var.runtime, c.var.credential, fromOf(callOf(c)));
      return withCookies(new Response(null, { status: 204 }), cookies);
    },
  );

export const accountRoutes = new Hono<RuntimeEnv>()
  .route("/", signInRoutes)
  .route("/", passwordRoutes)
  .route("/", emailRoutes)
  .route("/", sessionRoutes)
  .route("/", twoFactorRoutes)
  .route("/", passkeyRoutes)
  .route("/", oauthRoutes)
  .route("/", ldapRoutes)
  .route("/", consentRoutes);
