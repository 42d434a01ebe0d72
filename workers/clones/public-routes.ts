import { Hono } from "hono";
import { setCookie } from "hono/cookie";
import { visitorCookie } from "../platform/http/credential.ts";
import type { RuntimeEnv } from "../platform/http/runtime-env.ts";
import { cookieName } from "../platform/http/security-headers.ts";
import { serve, serveAs } from "../platform/open-operation.ts";
import { visitorToken } from "./contract.ts";
import { becomeVisitor, readDemoClone, readPublicClone } from "./public-clones.ts";

/** What anybody may see and do before they are anyone: look at a public clone, and become its visitor. */
export const publicRoutes = new Hono<RuntimeEnv>()
  .get("/public/demo", serve(readDemoClone))
  .get("/public/clones/:slug", serve(readPublicClone))
  .post(
    "/visitors",
    serveAs(becomeVisitor, {
      responses: { 201: visitorToken },
      respond: (c, visitor) => {
        const { config } = c.var.runtime;
        setCookie(c, cookieName(config, visitorCookie), visitor.visitor_token, {
          httpOnly: true,
          sameSite: "Lax",
          secure: config.ENVIRONMENT === "production",
          path: "/",
          maxAge: visitor.expires_in,
        });
        return c.json(visitor, 201);
      },
    }),
  );
