import { paged } from "../../platform/http/paging.ts";
import { operation } from "../../workspaces/operation.ts";
import { ownerOf } from "../access.ts";
import { conversation, conversationLabels, conversationPage, listConversationsQuery, tags } from "../contract.ts";
import { presentConversation } from "../present.ts";
import { caughtUp } from "../projection/caught-up.ts";
import { countByFolder, countByTag, listConversationPage } from "../queries.ts";
import { currentConversation } from "./get-conversation.ts";

export const listConversations = operation({
  summary: "List your conversations, last touched first",
  tags,
  action: "conversation.read",
  scope: "chat",
  query: listConversationsQuery,
  output: conversationPage,
  async run(ctx, { query }) {
    const { clone_id, archived, folder, tag } = query;
    await caughtUp(ctx);
    const filter = { cloneId: clone_id, archived: archived === "true", folder, tag };
    const { rows, next_cursor } = await paged(
      query,
      (from) => listConversationPage(ctx.db, ownerOf(ctx), filter, from),
      ({ updatedAt, id }) => [updatedAt, id],
    );
    return { data: rows.map(presentConversation), next_cursor };
  },
});

export const listLabels = operation({
  summary: "The folders and tags of your conversations",
  tags,
  action: "conversation.read",
  scope: "chat",
  output: conversationLabels,
  async run(ctx) {
    const owner = ownerOf(ctx);
    const [folders, named] = await Promise.all([countByFolder(ctx.db, owner), countByTag(ctx.db, owner)]);
    return { folders, tags: named };
  },
});

export const readConversation = operation({
  summary: "Read a conversation",
  tags,
  action: "conversation.read",
  scope: "chat",
  params: ["id"],
  output: conversation,
  async run(ctx, { params: { id } }) {
    return presentConversation(await currentConversation(ctx, id));
  },
});
