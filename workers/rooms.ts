import { Hono } from "hono";
import { accounts } from "./accounts/room.ts";
import { accountRoutes } from "./accounts/routes.ts";
import { audit } from "./audit/room.ts";
import { billing } from "./billing/room.ts";
import { billingRoutes, pricingRoutes } from "./billing/routes.ts";
import { chat } from "./chat/room.ts";
import { chatRoutes } from "./chat/routes.ts";
import { publicShareRoutes } from "./chat/share-routes.ts";
import { publicRoutes } from "./clones/public-routes.ts";
import { clones } from "./clones/room.ts";
import { cloneRoutes } from "./clones/routes.ts";
import { evaluation } from "./evaluation/room.ts";
import { evaluationRoutes } from "./evaluation/routes.ts";
import { knowledge } from "./knowledge/room.ts";
import { downloadRoutes, knowledgeRoutes } from "./knowledge/routes.ts";
import { metering } from "./metering/room.ts";
import { usageRoutes } from "./metering/routes.ts";
import { boxRoutes } from "./model-access/box-routes.ts";
import { modelAccess } from "./model-access/room.ts";
import { modelRoutes, providerKeyRoutes } from "./model-access/routes.ts";
import { models } from "./models/room.ts";
import type { RuntimeEnv } from "./platform/http/runtime-env.ts";
import { mailRoutes } from "./platform/mail/mail-routes.ts";
import type { Room } from "./platform/rooms/room.ts";
import { wallet } from "./wallet/room.ts";
import { walletRoutes } from "./wallet/routes.ts";
import { workspaces } from "./workspaces/room.ts";
import { createRouter } from "./workspaces/router.ts";
import { openWorkspaceRoutes, workspaceRoutes } from "./workspaces/routes.ts";

/** The rooms that do something by themselves, lowest first. Personal data, which walk them, stand above. */
export const rooms = {
  models,
  audit,
  accounts,
  workspaces,
  metering,
  wallet,
  modelAccess,
  clones,
  knowledge,
  chat,
  evaluation,
  billing,
} satisfies Record<string, Room>;

/** What rooms answer before it is known who asks. */
export const openRoutes = new Hono<RuntimeEnv>()
  .route("/", accountRoutes)
  .route("/", openWorkspaceRoutes)
  .route("/", mailRoutes)
  .route("/", modelRoutes)
  .route("/", publicRoutes)
  .route("/", downloadRoutes)
  .route("/", pricingRoutes)
  .route("/", publicShareRoutes);

/** What they answer to somebody. */
export const roomRoutes = createRouter()
  .route("/", workspaceRoutes)
  .route("/", usageRoutes)
  .route("/", walletRoutes)
  .route("/", providerKeyRoutes)
  .route("/", boxRoutes)
  .route("/", cloneRoutes)
  .route("/", knowledgeRoutes)
  .route("/", chatRoutes)
  .route("/", evaluationRoutes)
  .route("/", billingRoutes);
