import { operation } from "../../workspaces/operation.ts";
import { sendMessageInput } from "../contract.ts";
import { asking, startAnswering } from "./await-turn.ts";

/**
 * The conversation’s object owns the answer from here on; the stream is one listener. A message id that comes again finds the turn that it
 * started. Throws `turn_in_progress`, `conflict`, `not_found`.
 */
export const sendMessage = operation({
  ...asking,
  summary: "Ask a question",
  input: sendMessageInput,
  run(ctx, { params, body: { id, content, parent_id: parentId, queue: mayQueue, ...sampling } }) {
    return startAnswering(ctx, params.id, {
      kind: "question",
      id,
      content,
      parentId,
      sampling,
      models: null,
      mayQueue,
    });
  },
});
