import { operation } from "../../workspaces/operation.ts";
import { continueInput } from "../contract.ts";
import { asking, startAnswering } from "./await-turn.ts";

/** One that was interrupted, stopped or failed half-way. Throws `conflict` for one that is whole. */
export const continueAnswer = operation({
  ...asking,
  summary: "Go on with an answer that was cut off",
  input: continueInput,
  run(ctx, { params, body }) {
    return startAnswering(ctx, params.id, { kind: "continue", messageId: body.message_id });
  },
});
