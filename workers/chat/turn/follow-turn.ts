import { operation } from "../../workspaces/operation.ts";
import { readerOf } from "../../workspaces/standing.ts";
import { messageTags, resumeQuery } from "../contract.ts";
import { ofOwn } from "../conversations/get-conversation.ts";

export const followTurn = operation({
  summary: "Attach to the running turn, or resume it",
  description:
    "Gives every event behind `Last-Event-ID` (or `?after=`), byte for byte, during the turn and for an hour after.",
  tags: messageTags,
  action: "conversation.read",
  scope: "chat",
  params: ["id"],
  query: resumeQuery,
  async run(ctx, { params: { id }, query: { after = 0, turn_id = null } }) {
    const from = { turnId: turn_id, after, reader: readerOf(ctx, "conversation.read") };
    const stream = await ofOwn(ctx, id, (object, owner) => object.listen(id, owner, from));
    return stream as ReadableStream<Uint8Array> | null;
  },
});
