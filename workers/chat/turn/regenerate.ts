import { newId } from "../../platform/ids.ts";
import { operation } from "../../workspaces/operation.ts";
import { regenerateInput } from "../contract.ts";
import { getTalk } from "../conversations/get-conversation.ts";
import { answerAgain, answerAndQuestion } from "./answer-again.ts";
import { asking, startAnswering } from "./await-turn.ts";

/** The new answer stands beside the one that is named. */
export const regenerate = operation({
  ...asking,
  summary: "Answer a question once more, also with another model",
  input: regenerateInput,
  run: (ctx, { params, body: { message_id, ...sampling } }) =>
    startAnswering(ctx, async () => {
      const talk = await getTalk(ctx, params.id);
      const { question } = await answerAndQuestion(ctx, talk.conversation, message_id);
      return answerAgain(ctx, talk, question, { messageId: newId("message"), continued: null, sampling });
    }),
});
