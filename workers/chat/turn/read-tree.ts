import type { Context } from "../../workspaces/context.ts";
import { operation } from "../../workspaces/operation.ts";
import { type Message, messageTags, messageTree } from "../contract.ts";
import { ofOwn } from "../conversations/get-conversation.ts";
import { presentMessage } from "../present.ts";

/** The whole tree of one of the actor's conversations, oldest first; answers that are being written say what is stored of them at this moment. */
export async function treeOf(ctx: Context, id: string): Promise<Message[]> {
  const messages = await ofOwn(ctx, id, (object, owner) => object.messages(id, owner));
  return messages.map((message) => presentMessage(message, message.citations));
}

export const readTree = operation({
  summary: "The conversation’s tree of messages, oldest first",
  tags: messageTags,
  action: "conversation.read",
  scope: "chat",
  params: ["id"],
  output: messageTree,
  run: async (ctx, { params: { id } }) => ({ data: await treeOf(ctx, id), next_cursor: null }),
});
