import { Hono } from "hono";
import { setCookie } from "hono/cookie";
import { notFound } from "../platform/errors.ts";
import { visitorCookie } from "../platform/http/credential.ts";
import { describe, type RuntimeEnv, validate } from "../platform/http/http.ts";
import { cookieName } from "../platform/http/security-headers.ts";
import { newId } from "../platform/ids.ts";
import { signVisitorToken, visitorLifetime } from "../workspaces/visitor-token.ts";
import { publicClone, visitorInput, visitorToken } from "./contract.ts";
import { getPublicClone } from "./get-public-clone.ts";
import { presentPublicClone } from "./present.ts";

const tags = ["Public clones"];

/** What anybody may see and do before they are anyone: look at a public clone, and become its visitor. */
export const publicRoutes = new Hono<RuntimeEnv>()
  .get(
    "/public/demo",
    describe({ summary: "The demonstration clone", tags, open: true, responses: { 200: publicClone } }),
    async (c) => {
      const slug = c.var.runtime.config.DEMO_CLONE_SLUG;
      if (!slug) throw notFound("demonstration clone");
      return c.json(presentPublicClone(await getPublicClone(c.var.runtime.db, slug)), 200);
    },
  )
  .get(
    "/public/clones/:slug",
    describe({ summary: "A public or unlisted clone by its slug", tags, open: true, responses: { 200: publicClone } }),
    async (c) => c.json(presentPublicClone(await getPublicClone(c.var.runtime.db, c.req.param("slug"))), 200),
  )
  .post(
    "/visitors",
    describe({
      limit: "visitor",
      summary: "Become an anonymous visitor of a public or unlisted clone",
      description: "The token is also set as a cookie, for pages.",
      tags,
      open: true,
      responses: { 201: visitorToken },
    }),
    validate("json", visitorInput),
    async (c) => {
      const { config, clock } = c.var.runtime;
      const clone = await getPublicClone(c.var.runtime.db, c.req.valid("json").clone);
      const visitor = { visitorId: newId("visitor"), cloneId: clone.id, workspaceId: clone.workspaceId };
      const token = await signVisitorToken(config, visitor, clock.now());
      setCookie(c, cookieName(config, visitorCookie), token, {
        httpOnly: true,
        sameSite: "Lax",
        secure: config.ENVIRONMENT === "production",
        path: "/",
        maxAge: visitorLifetime,
      });
      return c.json({ visitor_token: token, expires_in: visitorLifetime, clone: presentPublicClone(clone) }, 201);
    },
  );
