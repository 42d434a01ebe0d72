import { DurableObject } from "cloudflare:workers";
import { createRequestHandler, RouterContextProvider } from "react-router";

const pages = createRequestHandler(() => import("virtual:react-router/server-build"), import.meta.env.MODE);
export class ConversationObject extends DurableObject<Env> {}
export class CloneIndexObject extends DurableObject<Env> {}
export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext) {
    if (new URL(request.url).pathname.startsWith("/health")) return Response.json({ status: "ok" });
    return pages(request, new RouterContextProvider());
  },
  async queue() {},
  async scheduled() {},
};
