import { createMiddleware } from "hono/factory";
import { Problem } from "../../platform/errors.ts";
import { isSocketUpgrade } from "../../platform/http/socket-bearer.ts";
import { serveAs } from "../../workspaces/operation.ts";
import { type ContextEnv, createRouter } from "../../workspaces/router.ts";
import { openSocket } from "./open-socket.ts";

/** What pages offer beside the protocol that carries their token. */
const socketProtocol = "understudy";

const requireUpgrade = createMiddleware<ContextEnv>(async (c, next) => {
  if (!isSocketUpgrade(c.req.raw.headers)) {
    throw new Problem("malformed_request", "Open this address as a WebSocket (Upgrade: websocket).");
  }
  await next();
});

export const socketRoutes = createRouter().get(
  "/conversations/:id/socket",
  requireUpgrade,
  serveAs(openSocket, {
    responses: { 101: "The socket is open." },
    respond: (c, webSocket) => {
      const offers = c.req.raw.headers.has("Sec-WebSocket-Protocol");
      const headers: HeadersInit = offers ? { "Sec-WebSocket-Protocol": socketProtocol } : {};
      return new Response(null, { status: 101, webSocket, headers });
    },
  }),
);
