import { iso } from "../../platform/clock.ts";
import { operation } from "../../workspaces/operation.ts";
import { getConversation } from "../conversations/get-conversation.ts";
import { type Share, shareList, tags } from "../share-contract.ts";
import { type ShareRow, sharesOf } from "./share-queries.ts";

export const presentShare = ({ id, kind, createdAt }: ShareRow): Share => ({ id, kind, created_at: iso(createdAt) });

export const listShares = operation({
  summary: "Who else may read a conversation",
  tags,
  action: "conversation.share",
  scope: "chat",
  params: ["id"],
  output: shareList,
  async run(ctx, { params: { id } }) {
    const rows = await sharesOf(ctx.db, await getConversation(ctx, id));
    return { data: rows.map(presentShare), next_cursor: null };
  },
});
