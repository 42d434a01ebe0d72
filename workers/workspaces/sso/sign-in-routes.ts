import { Hono } from "hono";
import { refusalPath, serveStep } from "../../accounts/providers/oauth-http.ts";
import { readText } from "../../platform/http/body.ts";
import type { RuntimeEnv } from "../../platform/http/runtime-env.ts";
import { serve, serveAs } from "../../platform/open-operation.ts";
import { samlAnswer } from "../sso-contract.ts";
import { findSignIn } from "./find-sign-in.ts";
import { finishOidc, startSso } from "./sign-in.ts";
import { finishSaml, readServiceMetadata, receiveSaml } from "./sign-in-saml.ts";

export const ssoSignInRoutes = new Hono<RuntimeEnv>()
  .post("/auth/sso", serve(findSignIn))
  .get("/auth/sso/:connection", serveStep(startSso))
  .get("/auth/sso/:connection/callback", serveStep(finishOidc))
  .post(
    "/auth/sso/:connection/acs",
    serveAs(receiveSaml, {
      responses: { 303: "To the end of the sign-in, or to the sign-in page with `problem`." },
      requestBody: { "application/x-www-form-urlencoded": samlAnswer },
      read: async (c) => Object.fromEntries(new URLSearchParams(await readText(c))),
      // Without touching a cookie: another site's page may have posted this.
      respond: (c, step) => c.redirect("refusal" in step ? refusalPath(step) : step.finish, 303),
    }),
  )
  .get("/auth/sso/:connection/finish", serveStep(finishSaml))
  .get(
    "/auth/sso/:connection/metadata",
    serveAs(readServiceMetadata, {
      responses: { 200: { "application/samlmetadata+xml": "Metadata of a service provider (SAML 2.0)." } },
      respond: (c, xml) => c.body(xml, 200, { "Content-Type": "application/samlmetadata+xml" }),
    }),
  );
