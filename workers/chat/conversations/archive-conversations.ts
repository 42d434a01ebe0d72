import { withAudit } from "../../workspaces/audited.ts";
import { operation } from "../../workspaces/operation.ts";
import { ownerOf } from "../access.ts";
import { archiveConversationsInput, archivedCount, tags } from "../contract.ts";
import { setArchived } from "../queries.ts";

export const archiveConversations = operation({
  summary: "Archive many conversations, or take them out of the archive",
  description: "All of them or, where it fails, none. Ids that are not yours are passed over.",
  tags,
  action: "conversation.write",
  scope: "chat",
  audit: "conversation.archived",
  input: archiveConversationsInput,
  output: archivedCount,
  async run(ctx, { body: { ids, archived } }) {
    const changed = await withAudit(ctx, setArchived(ctx.db, ownerOf(ctx), ids, archived), {
      action: "conversation.archived",
      details: { ids, archived },
    });
    return { changed: changed.length };
  },
});
