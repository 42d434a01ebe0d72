import { Problem } from "../../platform/errors.ts";
import { describe } from "../../platform/http/http.ts";
import { isSocketUpgrade } from "../../platform/http/socket-bearer.ts";
import { createRouter } from "../../workspaces/http.ts";
import { requires } from "../../workspaces/permissions.ts";
import { holderOf } from "../../workspaces/standing.ts";
import { conversationObject, getConversation } from "../conversations/get-conversation.ts";
import { holderHeader, socketProtocol } from "./sockets.ts";

export const socketRoutes = createRouter().get(
  "/conversations/:id/socket",
  requires("conversation.read"),
  describe({
    scope: "chat",
    summary: "Follow a conversation over a WebSocket, with presence and typing",
    description:
      "Send `{type: “attach”, after: N}` to get every event of the conversation behind N as `{id, event, data}`, then live; `{type: “typing”}` tells the others (`{event: “typing”}`). `{event: “presence”, data: {listeners}}` says how many sockets are open. `ping` is answered by `pong`. A message that cannot be read is answered by `{event: “problem”, data: {code, detail}}`. A socket that sends more than 120 messages in 10 seconds, or attaches behind what it was sent more than ten times, is closed with code 1008 and the reason. Pages that cannot send a header offer the protocols `understudy` and `bearer.<token>`.",
    tags: ["Messages"],
    responses: { 101: "The socket is open." },
  }),
  async (c) => {
    const { headers } = c.req.raw;
    if (!isSocketUpgrade(headers)) {
      throw new Problem("malformed_request", "Open this address as a WebSocket (Upgrade: websocket).");
    }
    const { id } = await getConversation(c.var.ctx, c.req.param("id"));
    const identity = await c.var.identity();
    // A session that ends takes its sockets with it.
    const sessionId = identity?.kind === "person" ? identity.session.id : undefined;
    const holder = JSON.stringify({ ...holderOf(c.var.ctx.actor), sessionId });
    const upgrade = new Headers({ Upgrade: "websocket", [holderHeader]: holder });
    if (headers.has("Sec-WebSocket-Protocol")) upgrade.set("Sec-WebSocket-Protocol", socketProtocol);
    const response = await conversationObject(c.var.ctx, id).fetch(c.req.url, { headers: upgrade });
    if (response.status !== 101) {
      throw new Problem(
        "rate_limited",
        "Too many sockets are open on this conversation. Close one, or use the stream.",
        {
          retryAfterSeconds: 30,
        },
      );
    }
    return response;
  },
);
