import { Hono } from "hono";
import { describe, type RuntimeEnv, validate } from "../../platform/http/http.ts";
import { callOf } from "../../platform/open-operation.ts";
import { fromOf } from "../audit-person.ts";
import { changeEmailInput, mailSent, userAnswer, verifyEmailInput } from "../contract.ts";
import { requireSession } from "../read-session.ts";
import { requestEmailChange, resendVerification, verifyEmail } from "./email.ts";
import { requirePassword } from "./password.ts";

const tags = ["Accounts"];

export const emailRoutes = new Hono<RuntimeEnv>()
  .post(
    "/auth/email/verify",
    describe({
      limit: "auth",
      summary: "Confirm an address, by the token that was mailed to it",
      tags,
      open: true,
      responses: { 200: userAnswer },
    }),
    validate("json", verifyEmailInput),
    async (c) => {
      const user = await verifyEmail(c.var.runtime, c.req.valid("json").token, fromOf(callOf(c)));
      return c.json({ user }, 200);
    },
  )
  .post(
    "/auth/email/verification",
    describe({
      limit: "auth",
      summary: "Ask for another link that confirms your address",
      tags,
      responses: { 202: mailSent },
    }),
    async (c) => {
      const { runtime } = c.var;
      const { user } = await requireSession(runtime, c.var.credential);
      await resendVerification(runtime, user);
      return c.json({ detail: "A link is on its way to your address, unless it is confirmed already." }, 202);
    },
  )
  .post(
    "/auth/email/change",
    describe({
      limit: "auth",
      summary: "Change your address",
      description: "It changes once the link is opened that is mailed to the new address.",
      tags,
      responses: { 202: mailSent },
    }),
    validate("json", changeEmailInput),
    async (c) => {
      const { runtime } = c.var;
      const { user } = await requireSession(runtime, c.var.credential);
      const { email, password } = c.req.valid("json");
      await requirePassword(runtime, user, password);
      await requestEmailChange(runtime, user, email);
      return c.json({ detail: "Open the link that was mailed to the new address." }, 202);
    },
  );
