import { iso } from "../../platform/clock.ts";
import { operation } from "../../workspaces/operation.ts";
import { messageTags, waitingQuestions } from "../contract.ts";
import { ofOwn } from "../conversations/get-conversation.ts";
import type { WaitingQuestion } from "./waiting-turns.ts";

const presentWaiting = ({ turnId, questionId, messageId, content, createdAt }: WaitingQuestion) => ({
  turn_id: turnId,
  user_message_id: questionId,
  message_id: messageId,
  content,
  created_at: iso(createdAt),
});

export const readQueue = operation({
  summary: "The questions that wait for the running answer’s end, in their order",
  tags: messageTags,
  action: "conversation.read",
  scope: "chat",
  params: ["id"],
  output: waitingQuestions,
  async run(ctx, { params: { id } }) {
    const waiting = await ofOwn(ctx, id, (object, owner) => object.waiting(id, owner));
    return { data: waiting.map(presentWaiting), next_cursor: null };
  },
});
