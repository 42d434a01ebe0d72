import { Hono } from "hono";
import { describe, type RuntimeEnv, validate } from "../platform/http/http.ts";
import { callOf } from "../platform/open-operation.ts";
import { fromOf } from "./audit-person.ts";
import { consent, consentInput, consentList, policy } from "./consent-contract.ts";
import { listConsents } from "./consent-queries.ts";
import { giveConsent, policyOf, presentConsent } from "./consents.ts";
import { requireSession } from "./read-session.ts";

const tags = ["Accounts"];

/** What people agree to, and when they did. */
export const consentRoutes = new Hono<RuntimeEnv>()
  .get(
    "/policy",
    describe({
      summary: "The terms and the privacy policy, and which version signing up takes",
      tags,
      open: true,
      responses: { 200: policy },
    }),
    (c) => c.json(policyOf(c.var.runtime.config), 200),
  )
  .get(
    "/me/consents",
    describe({ summary: "What you agreed to, newest first", tags, responses: { 200: consentList } }),
    async (c) => {
      const { runtime } = c.var;
      const { user } = await requireSession(runtime, c.var.credential);
      const rows = await listConsents(runtime.db, user.id);
      return c.json({ data: rows.map(presentConsent), next_cursor: null }, 200);
    },
  )
  .post(
    "/me/consents",
    describe({
      summary: "Agree to the present version of the terms and the privacy policy",
      description: "It is noted once, with address and browser, and is never changed.",
      tags,
      responses: { 201: consent },
    }),
    validate("json", consentInput),
    async (c) => {
      const { runtime } = c.var;
      const { user } = await requireSession(runtime, c.var.credential);
      return c.json(await giveConsent(runtime, user.id, c.req.valid("json").version, fromOf(callOf(c))), 201);
    },
  );
