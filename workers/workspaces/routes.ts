import { Hono } from "hono";
import type { RuntimeEnv } from "../platform/http/runtime-env.ts";
import { auditRoutes } from "./audit-log/audit-routes.ts";
import { platformRoutes } from "./installation/platform-routes.ts";
import { invitationRoutes } from "./invitations/invitation-routes.ts";
import { joinRoutes } from "./invitations/join-routes.ts";
import { apiKeyRoutes } from "./keys/api-key-routes.ts";
import { memberRoutes } from "./members/member-routes.ts";
import { ownRoutes } from "./own/own-routes.ts";
import { createRouter } from "./router.ts";
import { ssoRoutes } from "./sso/routes.ts";
import { ssoSignInRoutes } from "./sso/sign-in-routes.ts";

export const workspaceRoutes = createRouter()
  .route("/", ownRoutes)
  .route("/", memberRoutes)
  .route("/", invitationRoutes)
  .route("/", ssoRoutes)
  .route("/", platformRoutes)
  .route("/", apiKeyRoutes)
  .route("/", auditRoutes);

/** What somebody comes by who is nobody here yet. */
export const openWorkspaceRoutes = new Hono<RuntimeEnv>().route("/", ssoSignInRoutes).route("/", joinRoutes);
