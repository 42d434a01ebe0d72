import { type Context, Hono } from "hono";
import { parse, serialize } from "hono/utils/cookie";
import { describe, type RuntimeEnv, validate } from "../platform/http.ts";
import { sameSitePath } from "../platform/redirect-contract.ts";
import type { Runtime } from "../platform/runtime.ts";
import { cookieName } from "../platform/security-headers.ts";
import { fromOf } from "./audit-person.ts";
import { sessionToken } from "./contract.ts";
import { answer, withCookies } from "./http.ts";
import { finishOAuth, startOAuth } from "./oauth.ts";
import { agreementLifetime, signUpByProvider } from "./oauth-agreement.ts";
import {
  agreementCookie,
  agreementInput,
  callbackQuery,
  codeCookie,
  oauthProviderList,
  startQuery,
} from "./oauth-contract.ts";
import { listProviders } from "./oauth-providers.ts";
import { OAuthRefusal } from "./oauth-refusal.ts";

const tags = ["Accounts"];
/** Seconds. */
const [browserLifetime, codeLifetime] = [10 * 60, 5 * 60];
const start = "/clones";

const browserCookie = ({ config }: Runtime) => cookieName(config, "understudy_oauth");

/** A cookie for `maxAge` seconds. Lax, as the browser comes back from another site. */
function cookie({ config }: Runtime, name: string, value: string, maxAge: number): string {
  const secure = config.ENVIRONMENT === "production";
  return serialize(name, value, { path: "/", httpOnly: true, sameSite: "Lax", maxAge, secure });
}

function redirect(to: string, cookies: string[]): Response {
  return withCookies(
    new Response(null, { status: 303, headers: { Location: to, "Cache-Control": "no-store" } }),
    cookies,
  );
}

/** Back to the sign-in page, which says why. What is the provider's or the settings' fault goes into the log. */
function refused(
  { var: { runtime } }: Context<RuntimeEnv>,
  provider: string,
  refusal: OAuthRefusal,
  next: string,
): Response {
  if (refusal.reason === "provider_failed") runtime.log.error("oauth_failed", refusal.cause ?? refusal, { provider });
  const query = new URLSearchParams({ problem: refusal.reason, next });
  return redirect(`/sign-in?${query}`, [cookie(runtime, browserCookie(runtime), "", 0)]);
}

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
      summary: "Sign in by a provider",
      description: "For browsers: leads to the provider (`google`, `github` or `oidc`) and back, with a cookie.",
      tags,
      open: true,
      responses: { 303: "To the provider, or to the sign-in page with `problem`." },
    }),
    validate("query", startQuery),
    async (c) => {
      const { runtime } = c.var;
      const id = c.req.param("provider");
      const returnTo = sameSitePath(c.req.valid("query").return_to, start);
      try {
        const { url, browser } = await startOAuth(runtime, id, returnTo);
        return redirect(url.href, [cookie(runtime, browserCookie(runtime), browser, browserLifetime)]);
      } catch (error) {
        if (error instanceof OAuthRefusal) return refused(c, id, error, returnTo);
        throw error;
      }
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
    async (c) => {
      const { runtime } = c.var;
      const id = c.req.param("provider");
      const name = browserCookie(runtime);
      const browser = parse(c.req.header("Cookie") ?? "", name)[name] ?? "";
      try {
        const request = c.req.raw.headers;
        const done = await finishOAuth(runtime, id, { ...c.req.valid("query"), browser }, { request, from: fromOf(c) });
        if ("refusal" in done) return refused(c, id, done.refusal, done.returnTo);
        const cleared = cookie(runtime, name, "", 0);
        if (done.agreementToken !== undefined) {
          const waiting = cookieName(runtime.config, agreementCookie);
          const cookies = [cookie(runtime, waiting, done.agreementToken, agreementLifetime), cleared];
          return redirect(`/agree?${new URLSearchParams({ next: done.returnTo })}`, cookies);
        }
        if (done.twoFactorToken === undefined) return redirect(done.returnTo, [...done.cookies, cleared]);
        const waiting = cookie(runtime, cookieName(runtime.config, codeCookie), done.twoFactorToken, codeLifetime);
        const query = new URLSearchParams({ step: "code", next: done.returnTo });
        return redirect(`/sign-in?${query}`, [...done.cookies, waiting, cleared]);
      } catch (error) {
        if (error instanceof OAuthRefusal) return refused(c, id, error, start);
        throw error;
      }
    },
  )
  .post(
    "/auth/oauth/agreement",
    describe({
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
      const cleared = cookie(runtime, cookieName(runtime.config, agreementCookie), "", 0);
      return answer({ ...signedIn, cookies: [...signedIn.cookies, cleared] }, 201);
    },
  );
