import type { Context } from "hono";
import type { z } from "zod";
import type { RuntimeEnv } from "../../platform/http/runtime-env.ts";
import { type Call, serveAs } from "../../platform/open-operation.ts";
import type { Nothing, Operation } from "../../platform/operation.ts";
import { cookieIn, cookieLine, setCookies } from "../cookies.ts";
import { agreementLifetime } from "./oauth-agreement.ts";
import { agreementCookie, browserCookie, codeCookie } from "./oauth-cookies.ts";
import type { Refused, SignInStep } from "./sign-in-step.ts";

/** Seconds. */
const [browserLifetime, codeLifetime] = [10 * 60, 5 * 60];

/** What only the browser has that began a sign-in. */
export const browserOf = ({ config, headers }: Call): string => cookieIn(config, headers, browserCookie);

/** The sign-in page, which says why. */
export const refusalPath = ({ refusal, returnTo }: Refused) =>
  `/sign-in?${new URLSearchParams({ problem: refusal.reason, next: returnTo })}`;

/**
 * Sends a browser on: to the provider, to where its person wanted to go, to the form for their code, to the terms that a newcomer has to agree to, or
 * back to the sign-in page.
 */
function lead(c: Context<RuntimeEnv>, step: SignInStep) {
  const { config } = c.var.runtime;
  const to = (path: string, cookies: string[]) => {
    setCookies(c, cookies);
    return c.redirect(path, 303);
  };
  if ("url" in step) return to(step.url.href, [cookieLine(config, browserCookie, step.browser, browserLifetime)]);
  const cleared = cookieLine(config, browserCookie, "", 0);
  if ("refusal" in step) return to(refusalPath(step), [cleared]);
  const { returnTo: next, cookies, twoFactorToken, agreementToken } = step;
  if (agreementToken !== undefined) {
    const waiting = cookieLine(config, agreementCookie, agreementToken, agreementLifetime);
    return to(`/agree?${new URLSearchParams({ next })}`, [waiting, cleared]);
  }
  if (twoFactorToken === undefined) return to(next, [...cookies, cleared]);
  const waiting = cookieLine(config, codeCookie, twoFactorToken, codeLifetime);
  return to(`/sign-in?${new URLSearchParams({ step: "code", next })}`, [...cookies, waiting, cleared]);
}

/** Answers by sending the browser on, to where a step of its sign-in leads. */
export const serveStep = <P extends string, Q extends z.ZodType>(
  operation: Operation<Call, P, Q, Nothing, z.ZodVoid, SignInStep>,
) => serveAs(operation, { responses: { 303: operation.done ?? "On to the next step." }, respond: lead });
