import { newId } from "../../platform/ids.ts";
import { operation } from "../../workspaces/operation.ts";
import { sendMessageInput } from "../contract.ts";
import { asking, startAnswering } from "./await-turn.ts";
import { readyQuestion } from "./new-question.ts";
import { startTurn } from "./start-turn.ts";

/**
 * The conversation’s object owns the answer from here on; the stream is one listener. A message id that comes again finds the turn that it
 * started. Throws `turn_in_progress`, `conflict`, `not_found`.
 */
export const sendMessage = operation({
  ...asking,
  summary: "Ask a question",
  input: sendMessageInput,
  run: (ctx, { params, body }) =>
    startAnswering(ctx, async () => {
      const { id: _, content: __, parent_id, queue, ...sampling } = body;
      const ready = await readyQuestion(ctx, params.id, { ...body, isCompared: false });
      if (ready.earlier) return ready.earlier;
      const { talk, question, before } = ready;
      return startTurn(ctx, talk, {
        question,
        before,
        messageId: newId("message"),
        continued: null,
        sampling,
        followsHead: queue && parent_id === undefined,
        mayQueue: queue,
      });
    }),
});
