import { Hono } from "hono";
import { z } from "zod";
import { outbox } from "../contract.ts";
import { notFound } from "../errors.ts";
import { describe, type RuntimeEnv, validate } from "../http/http.ts";
import { readOutbox } from "./mail-outbox.ts";

export const mailRoutes = new Hono<RuntimeEnv>().get(
  "/outbox",
  describe({
    summary: "Mails of a development server",
    description: "What would have been sent, newest first. Answers 404 in production.",
    tags: ["Development"],
    open: true,
    responses: { 200: outbox },
  }),
  validate("query", z.object({ to: z.string().max(254).optional() })),
  async (c) => {
    if (c.var.runtime.config.ENVIRONMENT === "production") throw notFound("address");
    c.header("Cache-Control", "no-store");
    return c.json({ data: await readOutbox(c.var.runtime, c.req.valid("query").to), next_cursor: null }, 200);
  },
);
