import { newId } from "../../platform/ids.ts";
import { operation } from "../../workspaces/operation.ts";
import { messageTags, regenerateInput } from "../contract.ts";
import { getTalk } from "../conversations/get-conversation.ts";
import { answerAgain, answerAndQuestion } from "./answer-again.ts";
import { startAnswering } from "./await-turn.ts";
import { streamed } from "./start-turn.ts";

/** The new answer stands beside the one that is named. */
export const regenerate = operation({
  summary: "Answer a question once more, also with another model",
  description: streamed,
  tags: messageTags,
  action: "conversation.write",
  scope: "chat",
  limit: "chat",
  audit: "message.asked",
  params: ["id"],
  input: regenerateInput,
  run: (ctx, { params, body: { message_id, ...sampling } }) =>
    startAnswering(ctx, async () => {
      const talk = await getTalk(ctx, params.id);
      const { question } = await answerAndQuestion(ctx, talk.conversation, message_id);
      return answerAgain(ctx, talk, question, { messageId: newId("message"), continued: null, sampling });
    }),
});
