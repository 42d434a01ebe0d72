import { Hono } from "hono";
import { serveWithCookies } from "../accounts/cookies.ts";
import type { RuntimeEnv } from "../platform/http/runtime-env.ts";
import { serve } from "../platform/open-operation.ts";
import { becomeVisitor, readDemoClone, readPublicClone } from "./public-clones.ts";

/** What anybody may see and do before they are anyone: look at a public clone, and become its visitor. */
export const publicRoutes = new Hono<RuntimeEnv>()
  .get("/public/demo", serve(readDemoClone))
  .get("/public/clones/:slug", serve(readPublicClone))
  .post("/visitors", serveWithCookies(becomeVisitor, 201));
