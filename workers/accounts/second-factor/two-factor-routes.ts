import { Hono } from "hono";
import { describe, type RuntimeEnv, validate } from "../../platform/http/http.ts";
import { callOf } from "../../platform/open-operation.ts";
import { fromOf } from "../audit-person.ts";
import {
  disableInput,
  factorStatus as factorStatusAnswer,
  newCodesInput,
  recoveryCodesAnswer,
  setupAnswer,
  setupInput,
  verifyCodeAnswer,
  verifyCodeInput,
} from "../contract.ts";
import { answer } from "../cookies.ts";
import { requireSession } from "../read-session.ts";
import { confirmSetup, disableFactor, loginWithCode, renewRecoveryCodes, setUpFactor } from "../two-factor.ts";
import { factorStatus } from "../two-factor-queries.ts";

const tags = ["Accounts"];

export const twoFactorRoutes = new Hono<RuntimeEnv>()
  .get(
    "/auth/2fa",
    describe({ summary: "Whether you have a second factor", tags, responses: { 200: factorStatusAnswer } }),
    async (c) => {
      const { runtime } = c.var;
      const { user } = await requireSession(runtime, c.var.credential);
      const { enabled, codesLeft } = await factorStatus(runtime.db, user.id);
      return c.json({ enabled, recovery_codes_left: codesLeft }, 200);
    },
  )
  .post(
    "/auth/2fa/setup",
    describe({
      limit: "auth",
      summary: "Make a secret for an authenticator app",
      description: "It counts once a code from it was sent to `/auth/2fa/verify`.",
      tags,
      responses: { 200: setupAnswer },
    }),
    validate("json", setupInput),
    async (c) => {
      const { runtime } = c.var;
      const session = await requireSession(runtime, c.var.credential);
      c.header("Cache-Control", "no-store");
      return c.json(await setUpFactor(runtime, session, c.req.valid("json").password), 200);
    },
  )
  .post(
    "/auth/2fa/verify",
    describe({
      limit: "auth",
      summary: "Send a code: to finish a sign-in, or to turn the second factor on",
      description:
        "With `two_factor_token`, six digits or a recovery code open the session. Without it, who is signed in confirms the secret from `/auth/2fa/setup` and gets recovery codes. No code counts twice.",
      tags,
      open: true,
      responses: { 200: verifyCodeAnswer },
    }),
    validate("json", verifyCodeInput),
    async (c) => {
      const { runtime } = c.var;
      const { headers } = c.req.raw;
      const { code, two_factor_token } = c.req.valid("json");
      if (two_factor_token !== undefined) {
        return answer(await loginWithCode(runtime, two_factor_token, code, headers, fromOf(callOf(c))), 200);
      }
      const session = await requireSession(runtime, c.var.credential);
      const body = await confirmSetup(runtime, session, code, fromOf(callOf(c)));
      return answer({ body, cookies: [] }, 200);
    },
  )
  .post(
    "/auth/2fa/recovery-codes",
    describe({ limit: "auth", summary: "Get new recovery codes", tags, responses: { 200: recoveryCodesAnswer } }),
    validate("json", newCodesInput),
    async (c) => {
      const { runtime } = c.var;
      const session = await requireSession(runtime, c.var.credential);
      c.header("Cache-Control", "no-store");
      const codes = await renewRecoveryCodes(runtime, session, c.req.valid("json").code, fromOf(callOf(c)));
      return c.json(codes, 200);
    },
  )
  .post(
    "/auth/2fa/disable",
    describe({ limit: "auth", summary: "Turn the second factor off", tags, responses: { 204: "It is off." } }),
    validate("json", disableInput),
    async (c) => {
      const { runtime } = c.var;
      const session = await requireSession(runtime, c.var.credential);
      await disableFactor(runtime, session, c.req.valid("json"), fromOf(callOf(c)));
      return c.body(null, 204);
    },
  );
