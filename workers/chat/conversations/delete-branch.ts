import { notFound } from "../../platform/errors.ts";
import { audited } from "../../workspaces/audited.ts";
import { operation } from "../../workspaces/operation.ts";
import { messageTags } from "../contract.ts";
import { findMessage } from "../queries.ts";
import { conversationObject, getConversation } from "./get-conversation.ts";
import { outline, removeSubtree } from "./library-queries.ts";
import { turnInProgress } from "./turn-in-progress.ts";

interface Node {
  id: string;
  parentId: string | null;
}

/** A message and everything below it. */
function subtreeOf(nodes: Node[], rootId: string): Set<string> {
  const childrenOf = Map.groupBy(nodes, ({ parentId }) => parentId);
  const found = new Set<string>();
  const next = [rootId];
  for (let id = next.pop(); id !== undefined; id = next.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    for (const child of childrenOf.get(id) ?? []) next.push(child.id);
  }
  return found;
}

/** The leaf to show when `gone`, all below `parentId`, is no more: down the newest of what is left there, else the parent itself. */
function nearestLeaf(nodes: Node[], gone: ReadonlySet<string>, parentId: string | null): string | null {
  const childrenOf = Map.groupBy(
    nodes.filter(({ id }) => !gone.has(id)),
    ({ parentId }) => parentId,
  );
  let leaf = parentId;
  for (;;) {
    const child = childrenOf.get(leaf)?.at(-1);
    if (!child) return leaf;
    leaf = child.id;
  }
}

/**
 * Where the shown branch ended there, the nearest leaf that is left is shown. Throws `not_found`, and `turn_in_progress` while an answer among them is
 * being written.
 */
export const deleteBranch = operation({
  summary: "Delete a message with everything below it",
  tags: messageTags,
  action: "conversation.write",
  scope: "chat",
  audit: "message.deleted",
  params: ["id", "messageId"],
  done: "They are gone.",
  async run(ctx, { params: { id: conversationId, messageId } }) {
    const conversation = await getConversation(ctx, conversationId);
    const nodes = await outline(ctx.db, conversation);
    const root = nodes.find(({ id }) => id === messageId);
    if (!root) throw notFound("message");
    const gone = subtreeOf(nodes, messageId);
    const stale = nodes.filter(({ id, status }) => status === "running" && gone.has(id)).map(({ id }) => id);
    if (stale.length > 0) {
      const kept = await conversationObject(ctx, conversationId).snapshots(stale);
      if (Object.keys(kept).length > 0) throw turnInProgress();
    }
    const from = conversation.headMessageId;
    const to = from !== null && gone.has(from) ? nearestLeaf(nodes, gone, root.parentId) : from;
    const event = { action: "message.deleted", resource: { kind: "message", id: messageId } } as const;
    const audit = await audited(
      ctx,
      { ...event, details: { conversation_id: conversationId } },
      { condition: "changed" },
    );
    const removed = await removeSubtree(ctx.db, conversation, messageId, { stale, head: { from, to } }, audit);
    // What is still there has begun to be written meanwhile; what is not, somebody else has removed.
    if (removed === 0)
      throw (await findMessage(ctx.db, conversation, messageId)) ? turnInProgress() : notFound("message");
  },
});
