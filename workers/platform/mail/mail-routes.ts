import { Hono } from "hono";
import { z } from "zod";
import { outbox } from "../contract.ts";
import { notFound } from "../errors.ts";
import type { RuntimeEnv } from "../http/runtime-env.ts";
import { openOperation, serve } from "../open-operation.ts";
import { readOutbox as readMails } from "./mail-outbox.ts";

const readOutbox = openOperation({
  summary: "Mails of a development server",
  description: "What would have been sent, newest first. Answers 404 in production.",
  tags: ["Development"],
  query: z.strictObject({ to: z.string().max(254).optional() }),
  output: outbox,
  async run(call, { query: { to } }) {
    if (call.config.ENVIRONMENT === "production") throw notFound("address");
    return { data: await readMails(call, to), next_cursor: null };
  },
});

export const mailRoutes = new Hono<RuntimeEnv>().get("/outbox", serve(readOutbox));
