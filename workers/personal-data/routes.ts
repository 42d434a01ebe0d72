import { Hono } from "hono";
import { fromOf, personAudit } from "../accounts/audit-person.ts";
import { bothInput } from "../accounts/contract.ts";
import { requireSession } from "../accounts/read-session.ts";
import { batch } from "../db/batch.ts";
import { describe, type RuntimeEnv, validate } from "../platform/http/http.ts";
import { streamed } from "../platform/http/streamed.ts";
import { createRouter } from "../workspaces/http.ts";
import { requirePerson } from "../workspaces/permissions.ts";
import { erasure, erasureStarted } from "./contract.ts";
import { eraseAccount } from "./erase-account.ts";
import { readErasure } from "./erasure-record.ts";
import { exportAccount } from "./export-account.ts";
import { archiveHeaders } from "./export-headers.ts";

const tags = ["Accounts"];

/** What the law calls access and erasure: people take out what is theirs, and have it removed. */
export const personalDataRoutes = createRouter()
  .post(
    "/me/export",
    describe({
      summary: "Take out everything that you have",
      description:
        "A ZIP, written as it is read: profile, sessions, keys without their secrets, shares, the conversations that you have in each workspace (to be brought in again by `/conversations/import`), the audit log of your own workspace and what you did in others, and your own workspace’s clones and documents with their files. For a signed-in person, not for API keys.",
      tags,
      responses: { 200: "The archive (`application/zip`)." },
    }),
    async (c) => {
      const ctx = requirePerson(c.var.ctx);
      const session = await requireSession(ctx, c.var.credential);
      const archive = await exportAccount(ctx, session);
      // In the log of each workspace that it takes something out of.
      const event = { action: "account.exported" } as const;
      const from = fromOf({ ...ctx, headers: c.req.raw.headers });
      await batch(ctx.db, await personAudit(ctx, ctx.actor.userId, from, event, { condition: "always" }));
      return c.body(streamed(ctx.log, archive), 200, archiveHeaders("understudy", ctx.clock.now()));
    },
  )
  .post(
    "/me/erasure",
    describe({
      summary: "Erase your account",
      description:
        "At once: nothing opens the account any more, your own workspaces are closed and all others left. Within some time everything in them is removed, and all your conversations and private documents elsewhere. Refused while you own a shared workspace with others in it. Takes the password, and a code where the second factor is on. There is no way back.",
      tags,
      responses: { 202: erasureStarted },
    }),
    validate("json", bothInput),
    async (c) => {
      const ctx = requirePerson(c.var.ctx);
      const session = await requireSession(ctx, c.var.credential);
      const token = await eraseAccount(ctx, session, {
        ...c.req.valid("json"),
        from: fromOf({ ...c.var.ctx, headers: c.req.raw.headers }),
      });
      return c.json({ status: "running" as const, token }, 202);
    },
  );

/** By a token, as whoever had an account has none to sign in with. */
export const erasureRoutes = new Hono<RuntimeEnv>().get(
  "/erasures/:token",
  describe({
    summary: "How far the erasure of an account or a workspace is, and the signed list of what was erased",
    tags,
    open: true,
    responses: { 200: erasure },
  }),
  async (c) => c.json(await readErasure(c.var.runtime, c.req.param("token")), 200),
);
