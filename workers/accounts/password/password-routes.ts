import { Hono } from "hono";
import { describe, type RuntimeEnv, validate } from "../../platform/http/http.ts";
import { requireMail } from "../../platform/mail/mail.ts";
import { callOf } from "../../platform/open-operation.ts";
import { fromOf } from "../audit-person.ts";
import { changePasswordInput, mailSent, resetConfirmInput, resetRequestInput } from "../contract.ts";
import { withCookies } from "../cookies.ts";
import { requireSession } from "../read-session.ts";
import { ownDeviceCookie } from "../session/own-device.ts";
import { changePassword, mailPasswordReset, resetPassword } from "./password.ts";

const tags = ["Accounts"];

/** Milliseconds after which a request for a link is answered: what is done for an account that exists cannot be seen in the time. */
const answerAfter = 250;

export const passwordRoutes = new Hono<RuntimeEnv>()
  .post(
    "/auth/password/reset",
    describe({
      limit: "auth",
      summary: "Ask for a link to choose a new password",
      description: "Answers the same whether there is such an account or not.",
      tags,
      open: true,
      responses: { 202: mailSent },
    }),
    validate("json", resetRequestInput),
    async (c) => {
      const { runtime } = c.var;
      requireMail(runtime);
      const { email } = c.req.valid("json");
      const work = mailPasswordReset(runtime, email);
      c.executionCtx.waitUntil(work.catch((error) => runtime.log.error("password_reset_failed", error)));
      await scheduler.wait(answerAfter);
      return c.json({ detail: "If there is an account with this address, a link is on its way to it." }, 202);
    },
  )
  .post(
    "/auth/password/reset/confirm",
    describe({
      limit: "auth",
      summary: "Choose a new password, by the token that was mailed",
      description: "The token works once. Every session ends.",
      tags,
      open: true,
      responses: { 204: "The password is set. Sign in with it." },
    }),
    validate("json", resetConfirmInput),
    async (c) => {
      const { token, password } = c.req.valid("json");
      const { runtime } = c.var;
      const userId = await resetPassword(runtime, token, password, fromOf(callOf(c)));
      // Whoever reads the person's mail has a device of theirs: strangers' guesses do not keep it waiting.
      const device = await ownDeviceCookie(runtime, c.req.raw.headers, userId);
      return withCookies(new Response(null, { status: 204 }), [device]);
    },
  )
  .put(
    "/auth/password/change",
    describe({
      limit: "auth",
      summary: "Change your password",
      description: "Every other session ends.",
      tags,
      responses: { 204: "The password is changed." },
    }),
    validate("json", changePasswordInput),
    async (c) => {
      const { runtime } = c.var;
      const session = await requireSession(runtime, c.var.credential);
      await changePassword(runtime, session, c.req.valid("json"), fromOf(callOf(c)));
      return c.body(null, 204);
    },
  );
