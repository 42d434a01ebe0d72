import { operation } from "../../workspaces/operation.ts";
import { compareInput } from "../contract.ts";
import { asking, startAnswering, streamed } from "./await-turn.ts";

/**
 * Each model answers in a turn of its own, and one of them can be gone on with. A message id that comes again finds the turns that it
 * started. Throws `turn_in_progress`, `conflict`, `not_found`, `forbidden`.
 */
export const compareModels = operation({
  ...asking,
  summary: "Ask two to four models the same question, side by side",
  description: `${streamed} The stream has the events of all, told apart by the message_id in their data, and ends with the last of them. Choose one to go on with by its id as the conversation’s head_message_id.`,
  input: compareInput,
  run(ctx, { params, body: { id, content, parent_id: parentId, models, ...sampling } }) {
    return startAnswering(ctx, params.id, {
      kind: "question",
      id,
      content,
      parentId,
      sampling,
      models,
      mayQueue: false,
    });
  },
});
