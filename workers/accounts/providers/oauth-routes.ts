import { Hono } from "hono";
import { describe, type RuntimeEnv, validate } from "../../platform/http/http.ts";
import { callOf } from "../../platform/open-operation.ts";
import { sameSitePath } from "../../platform/redirect-contract.ts";
import { fromOf } from "../audit-person.ts";
import { sessionToken } from "../contract.ts";
import { answer } from "../cookies.ts";
import { agreementInput, callbackQuery, oauthProviderList, startQuery } from "../oauth-contract.ts";
import { finishOAuth, startOAuth } from "./oauth.ts";
import { signUpByProvider } from "./oauth-agreement.ts";
import { agreed, browserOf, orRefused, start, toEnd, toProvider } from "./oauth-http.ts";
import { listProviders } from "./oauth-providers.ts";

const tags = ["Accounts"];

export const oauthRoutes = new Hono<RuntimeEnv>()
  .get(
    "/auth/oauth",
    describe({
      summary: "List the providers that one may sign in by",
      tags,
      open: true,
      responses: { 200: oauthProviderList },
    }),
    (c) => c.json({ data: listProviders(c.var.runtime), next_cursor: null }, 200),
  )
  .get(
    "/auth/oauth/:provider",
    describe({
      limit: "auth",
      summary: "Sign in by a provider",
      description: "For browsers: leads to the provider (`google`, `github` or `oidc`) and back, with a cookie.",
      tags,
      open: true,
      responses: { 303: "To the provider, or to the sign-in page with `problem`." },
    }),
    validate("query", startQuery),
    (c) => {
      const id = c.req.param("provider");
      const returnTo = sameSitePath(c.req.valid("query").return_to, start);
      return orRefused(c, id, returnTo, async () => toProvider(c, await startOAuth(c.var.runtime, id, returnTo)));
    },
  )
  .get(
    "/auth/oauth/:provider/callback",
    describe({
      summary: "Come back from a provider",
      description: "Where the provider sends the browser. Opens a session, or leads to the form for the second factor.",
      tags,
      open: true,
      responses: { 303: "To where the sign-in began, or to the sign-in page with `problem`." },
    }),
    validate("query", callbackQuery),
    (c) => {
      const id = c.req.param("provider");
      const sent = { ...c.req.valid("query"), browser: browserOf(c) };
      const asking = { request: c.req.raw.headers, from: fromOf(callOf(c)) };
      return orRefused(c, id, start, async () => toEnd(c, id, await finishOAuth(c.var.runtime, id, sent, asking)));
    },
  )
  .post(
    "/auth/oauth/agreement",
    describe({
      limit: "auth",
      summary: "Make an account by a provider, once its person has agreed to the terms",
      description:
        "Where the installation asks for agreement: takes the token that the browser came back with from a first sign-in, within ten minutes.",
      tags,
      open: true,
      responses: { 201: sessionToken },
    }),
    validate("json", agreementInput),
    async (c) => {
      const { runtime } = c.var;
      const { agreement_token: token, accept_policy: accepted } = c.req.valid("json");
      const signedIn = await signUpByProvider(runtime, { token, accepted }, c.req.raw.headers);
      return answer({ ...signedIn, cookies: [...signedIn.cookies, agreed(runtime)] }, 201);
    },
  );
