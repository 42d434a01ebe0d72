import { recordAudit } from "../../../workspaces/audited.ts";
import { operation } from "../../../workspaces/operation.ts";
import { messageTags } from "../../contract.ts";
import { ofOwn } from "../../conversations/get-conversation.ts";

export const stopAnswer = operation({
  summary: "Stop the answer that is being written; what was said is kept",
  tags: messageTags,
  action: "conversation.write",
  scope: "chat",
  audit: "answer.stopped",
  params: ["id"],
  done: "It has stopped.",
  async run(ctx, { params: { id } }) {
    if (await ofOwn(ctx, id, (object, owner) => object.stop(id, owner)))
      await recordAudit(ctx, { action: "answer.stopped", resource: { kind: "conversation", id } });
  },
});
