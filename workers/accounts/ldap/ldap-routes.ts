import { Hono } from "hono";
import { inBackground } from "../../platform/background.ts";
import { describe, type RuntimeEnv, validate } from "../../platform/http/http.ts";
import { callOf } from "../../platform/open-operation.ts";
import { fromOf } from "../audit-person.ts";
import { loginAnswer } from "../contract.ts";
import { answer } from "../cookies.ts";
import { ldapInput } from "../ldap-contract.ts";
import { signInByDirectory } from "./ldap.ts";

export const ldapRoutes = new Hono<RuntimeEnv>().post(
  "/auth/ldap",
  describe({
    limit: "auth",
    summary: "Sign in by the directory",
    description:
      "With a name and password of this installation's directory (LDAP, Active Directory). Answers as `/auth/login` does; where the account has a second factor, see `/auth/2fa/verify`.",
    tags: ["Accounts"],
    open: true,
    responses: { 200: loginAnswer },
  }),
  validate("json", ldapInput),
  async (c) => {
    const { runtime } = c.var;
    const by = { from: fromOf(callOf(c)), defer: (work: Promise<unknown>) => inBackground(runtime, work) };
    return answer(await signInByDirectory(runtime, c.req.valid("json"), c.req.raw.headers, by), 200);
  },
);
