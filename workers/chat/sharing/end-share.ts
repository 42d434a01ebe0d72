import { notFound } from "../../platform/errors.ts";
import { withAudit } from "../../workspaces/audited.ts";
import { operation } from "../../workspaces/operation.ts";
import { getConversation } from "../conversations/get-conversation.ts";
import { tags } from "../share-contract.ts";
import { removeShare } from "./share-queries.ts";

/** Throws `not_found`. */
export const endShare = operation({
  summary: "End a share; its page is gone at once",
  tags,
  action: "conversation.share",
  scope: "chat",
  audit: "conversation.unshared",
  params: ["id", "share_id"],
  done: "It has ended.",
  async run(ctx, { params: { id, share_id } }) {
    const conversation = await getConversation(ctx, id);
    const resource = { kind: "conversation", id: conversation.id } as const;
    const event = { action: "conversation.unshared", resource } as const;
    const gone = await withAudit(ctx, removeShare(ctx.db, conversation, share_id), event);
    if (gone.length === 0) throw notFound("share");
  },
});
