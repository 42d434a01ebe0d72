import { operation } from "../../workspaces/operation.ts";
import { regenerateInput } from "../contract.ts";
import { asking, startAnswering } from "./await-turn.ts";

/** The new answer stands beside the one that is named. */
export const regenerate = operation({
  ...asking,
  summary: "Answer a question once more, also with another model",
  input: regenerateInput,
  run(ctx, { params, body: { message_id: messageId, ...sampling } }) {
    return startAnswering(ctx, params.id, { kind: "again", messageId, sampling });
  },
});
