import type { Context } from "../../workspaces/context.ts";
import type { Message } from "../contract.ts";
import type { Snapshot } from "../conversation-object.ts";
import { conversationObject } from "../conversations/get-conversation.ts";
import { presentMessage } from "../present.ts";
import { type ConversationRow, listCitations, listMessages } from "../queries.ts";
import type { TurnState } from "./turn-state.ts";

const statusOf = (state: TurnState): Message["status"] => {
  if (state === "done") return "complete";
  return state === "stopped" || state === "interrupted" || state === "failed" ? state : "running";
};

/** A conversation's whole tree, oldest first; answers that are being written show what is stored of them at this moment. */
export async function listTree(ctx: Pick<Context, "db" | "env">, conversation: ConversationRow): Promise<Message[]> {
  const [rows, cited] = await Promise.all([listMessages(ctx.db, conversation), listCitations(ctx.db, conversation.id)]);
  const running = rows.filter(({ status }) => status === "running").map(({ id }) => id);
  const live: Record<string, Snapshot> =
    running.length > 0 ? await conversationObject(ctx, conversation.id).snapshots(running) : {};
  const byMessage = Map.groupBy(cited, ({ messageId }) => messageId);
  return rows.map((row) => {
    const snapshot = live[row.id];
    const message = presentMessage(row, snapshot?.citations ?? byMessage.get(row.id) ?? []);
    return snapshot
      ? { ...message, content: snapshot.content, model: snapshot.model, status: statusOf(snapshot.state) }
      : message;
  });
}
