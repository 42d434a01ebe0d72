import { operation } from "../../workspaces/operation.ts";
import { messageTags, resumeQuery } from "../contract.ts";
import { conversationObject, getConversation } from "../conversations/get-conversation.ts";

export const followTurn = operation({
  summary: "Attach to the running turn, or resume it",
  description:
    "Gives every event behind `Last-Event-ID` (or `?after=`), byte for byte, during the turn and for an hour after.",
  tags: messageTags,
  action: "conversation.read",
  scope: "chat",
  params: ["id"],
  query: resumeQuery,
  async run(ctx, { params, query: { after = 0, turn_id = null } }) {
    const { id } = await getConversation(ctx, params.id);
    return (await conversationObject(ctx, id).listen(turn_id, after)) as ReadableStream<Uint8Array> | null;
  },
});
