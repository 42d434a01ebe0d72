import { Hono } from "hono";
import type { RuntimeEnv } from "../platform/http/runtime-env.ts";
import { serve } from "../platform/open-operation.ts";
import { giveConsent, readConsents, readPolicy } from "./consents.ts";
import { serveWithCookies } from "./cookies.ts";
import { signInByDirectory } from "./ldap/ldap.ts";
import { addPasskey, beginPasskey } from "./passkeys/add-passkey.ts";
import { beginPasskeySignIn, signInWithPasskey } from "./passkeys/passkey-sign-in.ts";
import { listPasskeys, removePasskey, renamePasskey } from "./passkeys/passkeys.ts";
import { requestEmailChange, resendVerification, verifyEmail } from "./password/email.ts";
import { changePassword } from "./password/password.ts";
import { requestPasswordReset, resetPassword } from "./password/reset-password.ts";
import { finishOAuth, startOAuth } from "./providers/oauth.ts";
import { signUpByProvider } from "./providers/oauth-agreement.ts";
import { serveStep } from "./providers/oauth-http.ts";
import { listProviders } from "./providers/oauth-providers.ts";
import { disableFactor, readFactor, setUpFactor } from "./second-factor/factor.ts";
import { renewRecoveryCodes, verifyCode } from "./second-factor/verify-code.ts";
import { refresh } from "./session/refresh.ts";
import { login, register } from "./session/sign-in.ts";
import { logout } from "./session/sign-out.ts";
import { endOtherSessions, endSession, readSessions } from "./sessions.ts";

const signInRoutes = new Hono<RuntimeEnv>()
  .post("/auth/register", serveWithCookies(register, 201))
  .post("/auth/login", serveWithCookies(login))
  .post("/auth/refresh", serve(refresh))
  .post("/auth/logout", serveWithCookies(logout, 204))
  .post("/auth/passkeys/sign-in/options", serveWithCookies(beginPasskeySignIn))
  .post("/auth/passkeys/sign-in", serveWithCookies(signInWithPasskey))
  .get("/auth/oauth", serve(listProviders))
  .get("/auth/oauth/:provider", serveStep(startOAuth))
  .get("/auth/oauth/:provider/callback", serveStep(finishOAuth))
  .post("/auth/oauth/agreement", serveWithCookies(signUpByProvider, 201))
  .post("/auth/ldap", serveWithCookies(signInByDirectory))
  .post("/auth/2fa/verify", serveWithCookies(verifyCode))
  .post("/auth/password/reset", serve(requestPasswordReset, 202))
  .post("/auth/password/reset/confirm", serveWithCookies(resetPassword, 204))
  .post("/auth/email/verify", serve(verifyEmail))
  .get("/policy", serve(readPolicy));

const ownRoutes = new Hono<RuntimeEnv>()
  .put("/auth/password/change", serve(changePassword))
  .post("/auth/email/verification", serve(resendVerification, 202))
  .post("/auth/email/change", serve(requestEmailChange, 202))
  .get("/auth/sessions", serve(readSessions))
  .delete("/auth/sessions/:id", serve(endSession))
  .delete("/auth/sessions", serve(endOtherSessions))
  .get("/auth/2fa", serve(readFactor))
  .post("/auth/2fa/setup", serve(setUpFactor))
  .post("/auth/2fa/recovery-codes", serve(renewRecoveryCodes))
  .post("/auth/2fa/disable", serve(disableFactor))
  .get("/auth/passkeys", serve(listPasskeys))
  .post("/auth/passkeys/options", serve(beginPasskey))
  .post("/auth/passkeys", serve(addPasskey, 201))
  .patch("/auth/passkeys/:id", serve(renamePasskey))
  .delete("/auth/passkeys/:id", serve(removePasskey))
  .get("/me/consents", serve(readConsents))
  .post("/me/consents", serve(giveConsent, 201));

export const accountRoutes = new Hono<RuntimeEnv>().route("/", signInRoutes).route("/", ownRoutes);
