import { Problem } from "../../platform/errors.ts";
import { operation } from "../../workspaces/operation.ts";
import { modelLimits } from "../answer/retry-policy.ts";
import { continueInput } from "../contract.ts";
import { getTalk } from "../conversations/get-conversation.ts";
import { turnInProgress } from "../conversations/turn-in-progress.ts";
import { citationsOf, type MessageRow } from "../queries.ts";
import { answerAgain, answerAndQuestion } from "./answer-again.ts";
import { asking, startAnswering } from "./await-turn.ts";

function requireUnfinished({ status, finishReason, content }: MessageRow): void {
  if (status === "running") throw turnInProgress();
  if (status === "complete" && finishReason !== "length") {
    throw new Problem("conflict", "This answer is whole; there is nothing to continue.");
  }
  if (content.length >= modelLimits.answerCharacters) {
    throw new Problem("conflict", "This answer is as long as one can be. Ask a new question to go on.");
  }
}

/** One that was interrupted, stopped or failed half-way. Throws `conflict` for one that is whole. */
export const continueAnswer = operation({
  ...asking,
  summary: "Go on with an answer that was cut off",
  input: continueInput,
  run: (ctx, { params, body }) =>
    startAnswering(ctx, async () => {
      const talk = await getTalk(ctx, params.id);
      const { answer, question } = await answerAndQuestion(ctx, talk.conversation, body.message_id);
      requireUnfinished(answer);
      const citations = (await citationsOf(ctx.db, answer.id)).map(({ messageId: _, ...citation }) => citation);
      const continued = { content: answer.content, citations };
      const sampling = answer.model && ctx.actor.kind === "user" ? { model: answer.model } : {};
      return answerAgain(ctx, talk, question, { messageId: answer.id, continued, sampling });
    }),
});
