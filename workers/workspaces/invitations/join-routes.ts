import { Hono } from "hono";
import type { RuntimeEnv } from "../../platform/http/runtime-env.ts";
import { serve } from "../../platform/open-operation.ts";
import { acceptInvitation, declineInvitation, readInvitation } from "./answer-invitation.ts";

/** What the link in an invitation opens, before its reader is anybody here. */
export const joinRoutes = new Hono<RuntimeEnv>()
  .get("/invitations/:token", serve(readInvitation))
  .post("/invitations/:token/accept", serve(acceptInvitation))
  .post("/invitations/:token/decline", serve(declineInvitation));
