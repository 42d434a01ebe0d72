import { iso } from "../../platform/clock.ts";
import type { Context } from "../../workspaces/context.ts";
import type { Message } from "../contract.ts";
import type { SharedConversation, SharedEntry } from "../share-contract.ts";
import { listTree } from "../turn/list-tree.ts";
import type { StandingShare } from "./share-queries.ts";

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

export const presentEntry = ({ share, conversation, clone, sharedBy }: StandingShare): SharedEntry => ({
  id: share.id,
  title: conversation.title,
  clone,
  shared_by: sharedBy,
  shared_at: iso(share.createdAt),
});

/** A shared conversation as its readers see it; documents stay closed to those who came by a link. */
export async function readShared(ctx: Pick<Context, "db" | "env">, found: StandingShare): Promise<SharedConversation> {
  const { share, conversation } = found;
  const isPublic = share.kind === "link";
  const tree = await listTree(ctx, conversation);
  const branch = branchTo(tree, isPublic ? share.throughMessageId : conversation.headMessageId);
  const { id: _, ...entry } = presentEntry(found);
  const messages = branch.map(({ id, role, content, citations, status, created_at }) => ({
    id,
    role,
    content,
    citations: citations.map((citation) => ({ ...citation, document_id: isPublic ? null : citation.document_id })),
    status,
    created_at,
  }));
  return { ...entry, messages };
}
