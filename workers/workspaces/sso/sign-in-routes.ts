import { type Context, Hono } from "hono";
import { fromOf } from "../../accounts/audit-person.ts";
import { callbackQuery, startQuery } from "../../accounts/oauth-contract.ts";
import type { Finished } from "../../accounts/providers/oauth.ts";
import {
  browserOf,
  orRefused,
  redirect,
  refusalPath,
  start,
  toEnd,
  toProvider,
} from "../../accounts/providers/oauth-http.ts";
import { OAuthRefusal } from "../../accounts/providers/oauth-refusal.ts";
import { serviceMetadata } from "../../accounts/saml/saml-metadata.ts";
import { notFound } from "../../platform/errors.ts";
import { readText } from "../../platform/http/body.ts";
import { describe, type RuntimeEnv, validate } from "../../platform/http/http.ts";
import { callOf } from "../../platform/open-operation.ts";
import { sameSitePath } from "../../platform/redirect-contract.ts";
import { finishQuery, ssoAnswer, ssoInput } from "../sso-contract.ts";
import { findOpenConnection } from "./queries.ts";
import { findSignIn, finishOidc, finishSaml, receiveSaml, startSso } from "./sign-in.ts";

const tags = ["Single sign-on"];
/** A response with its signature and certificates is some ten thousand bytes. */
const longestAnswer = { bytes: 300_000 };

const askingOf = (c: Context<RuntimeEnv>) => ({ request: c.req.raw.headers, from: fromOf(callOf(c)) });

/** Ends a step in the browser: signed in, asked for a code, or back at the sign-in page. */
const ending = (c: Context<RuntimeEnv>, id: string, step: () => Promise<Finished>) =>
  orRefused(c, id, start, async () => toEnd(c, id, await step()));

export const ssoSignInRoutes = new Hono<RuntimeEnv>()
  .post(
    "/auth/sso",
    describe({
      limit: "auth",
      summary: "Find the single sign-on of an address",
      description: "By the address’s domain; the answer is the same whether there is an account or not.",
      tags,
      open: true,
      responses: { 200: ssoAnswer },
    }),
    validate("json", ssoInput),
    async (c) => {
      const { email, return_to } = c.req.valid("json");
      const returnTo = sameSitePath(return_to, start);
      return c.json({ url: await findSignIn(c.var.runtime, { email, returnTo }) }, 200);
    },
  )
  .get(
    "/auth/sso/:connection",
    describe({
      limit: "auth",
      summary: "Sign in by a workspace’s single sign-on",
      description: "For browsers: leads to the organisation’s provider and back, with a cookie.",
      tags,
      open: true,
      responses: { 303: "To the provider, or to the sign-in page with `problem`." },
    }),
    validate("query", startQuery),
    (c) => {
      const id = c.req.param("connection");
      const returnTo = sameSitePath(c.req.valid("query").return_to, start);
      return orRefused(c, id, returnTo, async () =>
        toProvider(c, await startSso(c.var.runtime, id, { returnTo, from: fromOf(callOf(c)) })),
      );
    },
  )
  .get(
    "/auth/sso/:connection/callback",
    describe({
      summary: "Come back from a provider of OpenID Connect",
      tags,
      open: true,
      responses: { 303: "To where the sign-in began, or to the sign-in page with `problem`." },
    }),
    validate("query", callbackQuery),
    (c) => {
      const id = c.req.param("connection");
      const answer = { ...c.req.valid("query"), browser: browserOf(c) };
      return ending(c, id, () => finishOidc(c.var.runtime, id, answer, askingOf(c)));
    },
  )
  .post(
    "/auth/sso/:connection/acs",
    describe({
      postedFromElsewhere: true,
      summary: "Come back from a provider of SAML",
      description:
        "Where the provider’s page posts `SAMLResponse` and `RelayState`, as a form. It signs nobody in: the browser is led on to where its own cookie is looked at.",
      tags,
      open: true,
      responses: { 303: "To the end of the sign-in, or to the sign-in page with `problem`." },
      bodyLimit: longestAnswer,
    }),
    async (c) => {
      const id = c.req.param("connection");
      try {
        const form = new URLSearchParams(await readText(c));
        const sent = { response: form.get("SAMLResponse") ?? "", state: form.get("RelayState") ?? "" };
        const token = await receiveSaml(c.var.runtime, id, sent, { from: fromOf(callOf(c)) });
        return redirect(`/api/v1/auth/sso/${id}/finish?${new URLSearchParams({ token })}`);
      } catch (error) {
        // Without touching a cookie: another site's page may have posted this.
        if (error instanceof OAuthRefusal) return redirect(refusalPath(error, start));
        throw error;
      }
    },
  )
  .get(
    "/auth/sso/:connection/finish",
    describe({
      summary: "End a sign-in by SAML",
      description: "Opens a session in the browser that began, or leads to the form for the second factor.",
      tags,
      open: true,
      responses: { 303: "To where the sign-in began, or to the sign-in page with `problem`." },
    }),
    validate("query", finishQuery),
    (c) => {
      const id = c.req.param("connection");
      const answer = { token: c.req.valid("query").token ?? "", browser: browserOf(c) };
      return ending(c, id, () => finishSaml(c.var.runtime, id, answer, askingOf(c)));
    },
  )
  .get(
    "/auth/sso/:connection/metadata",
    describe({
      summary: "What a provider of SAML has to know of this installation",
      tags,
      open: true,
      responses: { 200: "Metadata of a service provider (SAML 2.0), as XML." },
    }),
    async (c) => {
      const { runtime } = c.var;
      const row = await findOpenConnection(c.var.runtime.db, c.req.param("connection"));
      if (row?.kind !== "saml") throw notFound("single sign-on");
      return c.body(serviceMetadata(runtime, row.id), 200, { "Content-Type": "application/samlmetadata+xml" });
    },
  );
