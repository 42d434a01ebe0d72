import { iso } from "../../platform/clock.ts";
import { notFound } from "../../platform/errors.ts";
import { paged, pageQuery } from "../../platform/http/paging.ts";
import { openOperation } from "../../platform/open-operation.ts";
import type { Context } from "../../workspaces/context.ts";
import { operation } from "../../workspaces/operation.ts";
import type { Message } from "../contract.ts";
import { conversationObject } from "../conversations/get-conversation.ts";
import { presentMessage } from "../present.ts";
import { type SharedConversation, type SharedEntry, sharedConversation, sharedPage, tags } from "../share-contract.ts";
import { shareTokenHash } from "./share-conversation.ts";
import { findLinkShare, findMembersShare, listMembersShares, type StandingShare } from "./share-queries.ts";

/** The messages from the first question to `last`; none where that is gone. */
function branchTo(tree: Message[], last: string | null): Message[] {
  const byId = new Map(tree.map((message) => [message.id, message]));
  const branch: Message[] = [];
  for (let at = last; at !== null; ) {
    const message = byId.get(at);
    if (!message) return [];
    branch.unshift(message);
    at = message.parent_id;
  }
  return branch;
}

const presentEntry = ({ share, conversation, clone, sharedBy }: StandingShare): SharedEntry => ({
  id: share.id,
  title: conversation.title,
  clone,
  shared_by: sharedBy,
  shared_at: iso(share.createdAt),
});

/** A shared conversation as its readers see it; documents stay closed to those who came by a link. */
async function presentShared(ctx: Pick<Context, "db" | "env">, found: StandingShare): Promise<SharedConversation> {
  const { share } = found;
  const isPublic = share.kind === "link";
  const shared = await conversationObject(ctx, share.conversationId).shared(share.conversationId);
  if (!shared) throw notFound("shared conversation");
  const { conversation } = shared;
  const tree = shared.messages.map((message) => presentMessage(message, message.citations));
  const branch = branchTo(tree, isPublic ? share.throughMessageId : conversation.headMessageId);
  const { id: _, ...entry } = presentEntry({ ...found, conversation });
  const shown = branch.map(({ id, role, content, citations, status, created_at }) => ({
    id,
    role,
    content,
    citations: citations.map((citation) => ({ ...citation, document_id: isPublic ? null : citation.document_id })),
    status,
    created_at,
  }));
  return { ...entry, messages: shown };
}

export const listShared = operation({
  summary: "Conversations that are shared with the workspace, newest first",
  tags,
  action: "conversation.read_shared",
  query: pageQuery,
  output: sharedPage,
  async run({ db, actor }, { query }) {
    const { rows, next_cursor } = await paged(
      query,
      (from) => listMembersShares(db, actor.workspaceId, from),
      ({ share }) => [share.createdAt, share.id],
    );
    return { data: rows.map(presentEntry), next_cursor };
  },
});

export const readShared = operation({
  summary: "Read a conversation that is shared with the workspace",
  tags,
  action: "conversation.read_shared",
  params: ["id"],
  output: sharedConversation,
  async run(ctx, { params: { id } }) {
    const found = await findMembersShare(ctx.db, ctx.actor.workspaceId, id);
    if (!found) throw notFound("shared conversation");
    return presentShared(ctx, found);
  },
});

export const readByLink = openOperation({
  summary: "Read a conversation by its link",
  tags,
  params: ["token"],
  async run(call, { params: { token } }) {
    const found = await findLinkShare(call.db, shareTokenHash(token));
    if (!found) throw notFound("shared conversation");
    return presentShared(call, found);
  },
});
