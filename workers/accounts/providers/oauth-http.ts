import type { Context } from "hono";
import type { RuntimeEnv } from "../../platform/http/http.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { cookieIn, cookieLine, withCookies } from "../cookies.ts";
import type { Finished } from "./oauth.ts";
import { agreementLifetime } from "./oauth-agreement.ts";
import { agreementCookie, codeCookie } from "./oauth-cookies.ts";
import { OAuthRefusal } from "./oauth-refusal.ts";

/** Seconds. */
const [browserLifetime, codeLifetime] = [10 * 60, 5 * 60];
/** Where a sign-in ends that began nowhere. */
export const start = "/clones";

const browserCookie = "understudy_oauth";
const cleared = ({ config }: Runtime) => cookieLine(config, browserCookie, "", 0);

/** Sends a browser on. Only to one's own pages, and to where a sign-in is to happen. */
export function redirect(to: string, cookies: string[] = []): Response {
  return withCookies(
    new Response(null, { status: 303, headers: { Location: to, "Cache-Control": "no-store" } }),
    cookies,
  );
}

/** What only the browser has that began a sign-in. */
export const browserOf = ({ var: { runtime }, req }: Context<RuntimeEnv>): string =>
  cookieIn(runtime.config, req.raw.headers, browserCookie);

/** The sign-in page, which says why. */
export const refusalPath = (refusal: OAuthRefusal, next: string) =>
  `/sign-in?${new URLSearchParams({ problem: refusal.reason, next })}`;

/** Back to the sign-in page. What is the fault of a provider in the settings goes into the log; workspaces have a log of their own. */
function refused(
  { var: { runtime } }: Context<RuntimeEnv>,
  provider: string,
  refusal: OAuthRefusal,
  next: string,
): Response {
  const isSettings = refusal.reason === "provider_failed" && !provider.startsWith("sso_");
  if (isSettings) runtime.log.error("oauth_failed", refusal.cause ?? refusal, { provider });
  return redirect(refusalPath(refusal, next), [cleared(runtime)]);
}

/** Runs a step of a sign-in by a provider; where it is refused, the browser is sent to the sign-in page. */
export async function orRefused(
  c: Context<RuntimeEnv>,
  provider: string,
  next: string,
  step: () => Promise<Response>,
): Promise<Response> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof OAuthRefusal) return refused(c, provider, error, next);
    throw error;
  }
}

/** To the provider, with what only this browser may know. */
export function toProvider({ var: { runtime } }: Context<RuntimeEnv>, { url, browser }: { url: URL; browser: string }) {
  return redirect(url.href, [cookieLine(runtime.config, browserCookie, browser, browserLifetime)]);
}

/** What ends the waiting of somebody who has agreed to the terms. */
export const agreed = ({ config }: Runtime) => cookieLine(config, agreementCookie, "", 0);

/** To where the person wanted to go, to the form for their code, to the terms that a newcomer has to agree to, or to the sign-in page. */
export function toEnd(c: Context<RuntimeEnv>, provider: string, done: Finished): Response {
  const { runtime } = c.var;
  const { config } = runtime;
  if ("refusal" in done) return refused(c, provider, done.refusal, done.returnTo);
  if (done.agreementToken !== undefined) {
    const waiting = cookieLine(config, agreementCookie, done.agreementToken, agreementLifetime);
    return redirect(`/agree?${new URLSearchParams({ next: done.returnTo })}`, [waiting, cleared(runtime)]);
  }
  if (done.twoFactorToken === undefined) return redirect(done.returnTo, [...done.cookies, cleared(runtime)]);
  const waiting = cookieLine(config, codeCookie, done.twoFactorToken, codeLifetime);
  const query = new URLSearchParams({ step: "code", next: done.returnTo });
  return redirect(`/sign-in?${query}`, [...done.cookies, waiting, cleared(runtime)]);
}
