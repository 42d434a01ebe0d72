import { recordAudit } from "../../workspaces/audited.ts";
import { operation } from "../../workspaces/operation.ts";
import { tags } from "../contract.ts";
import { exportLibrary } from "../export-library.ts";

export const exportConversations = operation({
  summary: "Take out all your conversations",
  tags,
  action: "conversation.read",
  scope: "chat",
  audit: "conversation.exported",
  async run(ctx) {
    await recordAudit(ctx, { action: "conversation.exported" });
    return exportLibrary(ctx);
  },
});
