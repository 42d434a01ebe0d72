import { notFound } from "../../platform/errors.ts";
import { operation } from "../../workspaces/operation.ts";
import { message, messageTags } from "../contract.ts";
import { presentMessage } from "../present.ts";
import { ofOwn } from "./get-conversation.ts";

/** Throws `not_found` for a message of another conversation as for one that is not there. */
export const readMessage = operation({
  summary: "Read one message",
  description: "As it stands in the conversation’s tree; an answer that is being written says what is stored of it.",
  tags: messageTags,
  action: "conversation.read",
  scope: "chat",
  params: ["id", "messageId"],
  output: message,
  async run(ctx, { params: { id, messageId } }) {
    const found = await ofOwn(ctx, id, (object, owner) => object.message(id, owner, messageId));
    if (!found) throw notFound("message");
    return presentMessage(found, found.citations);
  },
});
