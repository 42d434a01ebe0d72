import { Hono } from "hono";
import { describe, type RuntimeEnv } from "../../platform/http/http.ts";
import { callOf } from "../../platform/open-operation.ts";
import { fromOf } from "../audit-person.ts";
import { sessionList } from "../contract.ts";
import { requireSession } from "../read-session.ts";
import { endOtherSessions, endSession, listSessions } from "../sessions.ts";

const tags = ["Accounts"];

export const sessionRoutes = new Hono<RuntimeEnv>()
  .get(
    "/auth/sessions",
    describe({ summary: "List where you are signed in", tags, responses: { 200: sessionList } }),
    async (c) => {
      const { runtime } = c.var;
      const current = await requireSession(runtime, c.var.credential);
      return c.json({ data: await listSessions(runtime, current), next_cursor: null }, 200);
    },
  )
  .delete(
    "/auth/sessions/:id",
    describe({ summary: "Sign out somewhere", tags, responses: { 204: "That session has ended." } }),
    async (c) => {
      const { runtime } = c.var;
      const session = await requireSession(runtime, c.var.credential);
      await endSession(runtime, session, c.req.param("id"), fromOf(callOf(c)));
      return c.body(null, 204);
    },
  )
  .delete(
    "/auth/sessions",
    describe({ summary: "Sign out everywhere else", tags, responses: { 204: "Only this session is left." } }),
    async (c) => {
      const { runtime } = c.var;
      const session = await requireSession(runtime, c.var.credential);
      await endOtherSessions(runtime, session, fromOf(callOf(c)));
      return c.body(null, 204);
    },
  );
