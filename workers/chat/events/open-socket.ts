import { Problem } from "../../platform/errors.ts";
import { operation } from "../../workspaces/operation.ts";
import { holderOf } from "../../workspaces/standing.ts";
import { messageTags } from "../contract.ts";
import { conversationObject, getConversation } from "../conversations/get-conversation.ts";
import { holderHeader } from "./sockets.ts";

/** Throws `rate_limited` where too many are open already. */
export const openSocket = operation({
  summary: "Follow a conversation over a WebSocket, with presence and typing",
  description:
    "Send `{type: “attach”, after: N}` to get every event of the conversation behind N as `{id, event, data}`, then live; `{type: “typing”}` tells the others (`{event: “typing”}`). `{event: “presence”, data: {listeners}}` says how many sockets are open. `ping` is answered by `pong`. A message that cannot be read is answered by `{event: “problem”, data: {code, detail}}`. A socket that sends more than 120 messages in 10 seconds, or attaches behind what it was sent more than ten times, is closed with code 1008 and the reason. Pages that cannot send a header offer the protocols `understudy` and `bearer.<token>`.",
  tags: messageTags,
  action: "conversation.read",
  scope: "chat",
  params: ["id"],
  async run(ctx, { params }) {
    const { id } = await getConversation(ctx, params.id);
    // A session that ends takes its sockets with it.
    const holder = JSON.stringify({ ...holderOf(ctx.actor), sessionId: ctx.session?.id });
    const headers = { Upgrade: "websocket", [holderHeader]: holder };
    // Only a fetch hands a socket over; its address says of which conversation.
    const { webSocket } = await conversationObject(ctx, id).fetch(`https://conversation/${id}`, { headers });
    if (webSocket) return webSocket;
    throw new Problem("rate_limited", "Too many sockets are open on this conversation. Close one, or use the stream.", {
      retryAfterSeconds: 30,
    });
  },
});
