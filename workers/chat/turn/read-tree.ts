import type { Context } from "../../workspaces/context.ts";
import { operation } from "../../workspaces/operation.ts";
import { statusOf } from "../answer/turn-result.ts";
import { type Message, messageTags, messageTree } from "../contract.ts";
import { getConversation } from "../conversations/get-conversation.ts";
import { liveSnapshots } from "../conversations/live-snapshots.ts";
import { presentMessage } from "../present.ts";
import { type ConversationRow, listCitations, listMessages } from "../queries.ts";
import { isOver } from "./turn-state.ts";

/** A conversation's whole tree, oldest first; answers that are being written show what is stored of them at this moment. */
export async function treeOf(ctx: Pick<Context, "db" | "env">, conversation: ConversationRow): Promise<Message[]> {
  const [rows, cited] = await Promise.all([listMessages(ctx.db, conversation), listCitations(ctx.db, conversation.id)]);
  const live = await liveSnapshots(ctx, conversation.id, rows);
  const byMessage = Map.groupBy(cited, ({ messageId }) => messageId);
  return rows.map((row) => {
    const snapshot = live[row.id];
    const message = presentMessage(row, snapshot?.citations ?? byMessage.get(row.id) ?? []);
    return snapshot
      ? {
          ...message,
          content: snapshot.content,
          model: snapshot.model,
          status: isOver(snapshot.state) ? statusOf[snapshot.state] : "running",
        }
      : message;
  });
}

export const readTree = operation({
  summary: "The conversation’s tree of messages, oldest first",
  tags: messageTags,
  action: "conversation.read",
  scope: "chat",
  params: ["id"],
  output: messageTree,
  async run(ctx, { params: { id } }) {
    const conversation = await getConversation(ctx, id);
    return { data: await treeOf(ctx, conversation), next_cursor: null };
  },
});
