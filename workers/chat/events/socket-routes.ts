import { Problem } from "../../platform/errors.ts";
import { isSocketUpgrade } from "../../platform/http/socket-bearer.ts";
import { serveAs } from "../../workspaces/operation.ts";
import { createRouter } from "../../workspaces/router.ts";
import { openSocket } from "./open-socket.ts";

/** What pages offer beside the protocol that carries their token. */
const socketProtocol = "understudy";

export const socketRoutes = createRouter().get(
  "/conversations/:id/socket",
  serveAs(openSocket, {
    query: (c) => {
      if (isSocketUpgrade(c.req.raw.headers)) return {};
      throw new Problem("malformed_request", "Open this address as a WebSocket (Upgrade: websocket).");
    },
    responses: { 101: "The socket is open." },
    respond: (c, webSocket) => {
      const offers = c.req.raw.headers.has("Sec-WebSocket-Protocol");
      const headers: HeadersInit = offers ? { "Sec-WebSocket-Protocol": socketProtocol } : {};
      return new Response(null, { status: 101, webSocket, headers });
    },
  }),
);
