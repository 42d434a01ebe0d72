import { Hono } from "hono";
import type { RuntimeEnv } from "../platform/http/runtime-env.ts";
import { serveAs } from "../platform/open-operation.ts";
import { serve } from "../workspaces/operation.ts";
import { createRouter } from "../workspaces/router.ts";
import { sharedConversation } from "./share-contract.ts";
import { endShare } from "./sharing/end-share.ts";
import { listShared, readByLink, readShared } from "./sharing/read-shared.ts";
import { listShares } from "./sharing/read-shares.ts";
import { shareConversation } from "./sharing/share-conversation.ts";

export const shareRoutes = createRouter()
  .post("/conversations/:id/shares", serve(shareConversation, 201))
  .get("/conversations/:id/shares", serve(listShares))
  .delete("/conversations/:id/shares/:share_id", serve(endShare))
  .get("/shared", serve(listShared))
  .get("/shared/:id", serve(readShared));

/** What a link to a shared conversation opens, for everybody. */
export const publicShareRoutes = new Hono<RuntimeEnv>().get(
  "/public/shares/:token",
  serveAs(readByLink, {
    responses: { 200: sharedConversation },
    respond: (c, shared) => c.json(shared, 200, { "Cache-Control": "no-store", "X-Robots-Tag": "noindex" }),
  }),
);
