import { createHash, randomBytes } from "node:crypto";
import { notFound, Problem } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { withAudit } from "../../workspaces/audited.ts";
import type { Context, UserActor } from "../../workspaces/context.ts";
import { getConversation } from "../conversations/get-conversation.ts";
import { countShares, insertShare, listShares, removeShare, type ShareRow } from "./share-queries.ts";

/** How many links one conversation may have. */
const mostShares = 20;

/** What is kept of a link's token. */
export const shareTokenHash = (token: string) => createHash("sha256").update(token).digest("hex");

/**
 * Lets others read one of the actor's own conversations. A link shows the branch as it ends now, and its token is given out here only;
 * the people of the workspace follow it as it goes on. Throws `not_found`, and `conflict` where there is nothing to read.
 */
export async function shareConversation(
  ctx: Context<UserActor>,
  id: string,
  kind: ShareRow["kind"],
): Promise<{ row: ShareRow; token: string | null }> {
  const { db, clock, actor } = ctx;
  const conversation = await getConversation(ctx, id);
  if (conversation.headMessageId === null) {
    throw new Problem("conflict", "There is nothing in this conversation to share yet. Ask something first.");
  }
  if (kind === "members") {
    const known = (await listShares(db, conversation)).find((share) => share.kind === "members");
    if (known) return { row: known, token: null };
  }
  if ((await countShares(db, conversation)) >= mostShares) {
    throw new Problem("conflict", `This conversation has ${mostShares} links, which is the most. End one of them.`);
  }
  const token = kind === "link" ? randomBytes(32).toString("base64url") : null;
  const row: ShareRow = {
    id: newId("share"),
    conversationId: conversation.id,
    workspaceId: conversation.workspaceId,
    kind,
    tokenHash: token && shareTokenHash(token),
    throughMessageId: kind === "link" ? conversation.headMessageId : null,
    createdBy: actor.userId,
    createdAt: clock.now(),
  };
  const resource = { kind: "conversation", id: conversation.id } as const;
  await withAudit(ctx, insertShare(db, row), { action: "conversation.shared", resource, details: { kind } });
  return { row, token };
}

/** Ends a share of one of the actor's own conversations: its page is gone at once. Throws `not_found`. */
export async function endShare(ctx: Context<UserActor>, conversationId: string, shareId: string): Promise<void> {
  const conversation = await getConversation(ctx, conversationId);
  const resource = { kind: "conversation", id: conversation.id } as const;
  const event = { action: "conversation.unshared", resource } as const;
  const gone = await withAudit(ctx, removeShare(ctx.db, conversation, shareId), event);
  if (gone.length === 0) throw notFound("share");
}
