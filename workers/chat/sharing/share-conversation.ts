import { createHash, randomBytes } from "node:crypto";
import { Problem } from "../../platform/errors.ts";
import { publicUrl } from "../../platform/http/public-url.ts";
import { newId } from "../../platform/ids.ts";
import { withAudit } from "../../workspaces/audited.ts";
import { operation } from "../../workspaces/operation.ts";
import { currentConversation } from "../conversations/get-conversation.ts";
import { newShare, shareInput, tags } from "../share-contract.ts";
import { presentShare } from "./read-shares.ts";
import { countShares, insertShare, type ShareRow, sharesOf } from "./share-queries.ts";

/** How many links one conversation may have. */
const mostShares = 20;

/** What is kept of a link's token. */
export const shareTokenHash = (token: string) => createHash("sha256").update(token).digest("hex");

/** Throws `not_found`, and `conflict` where there is nothing to read. */
export const shareConversation = operation({
  summary: "Let others read a conversation",
  description:
    "`link`: whoever has the address reads the branch as it ends now, without an account. `members`: everybody in the workspace reads the conversation as it goes on. Quoted passages are part of what is read.",
  tags,
  action: "conversation.share",
  scope: "chat",
  audit: "conversation.shared",
  params: ["id"],
  input: shareInput,
  output: newShare,
  async run(ctx, { params: { id }, body: { kind } }) {
    const { db, clock, actor, config } = ctx;
    const conversation = await currentConversation(ctx, id);
    if (conversation.headMessageId === null) {
      throw new Problem("conflict", "There is nothing in this conversation to share yet. Ask something first.");
    }
    const shown = (row: ShareRow, path: string) => ({ ...presentShare(row), url: publicUrl(config) + path });
    if (kind === "members") {
      const known = (await sharesOf(db, conversation)).find((share) => share.kind === "members");
      if (known) return shown(known, `/shared/${known.id}`);
    }
    if ((await countShares(db, conversation)) >= mostShares) {
      throw new Problem("conflict", `This conversation has ${mostShares} links, which is the most. End one of them.`);
    }
    // It is given out here only.
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
    return shown(row, token ? `/s/${token}` : `/shared/${row.id}`);
  },
});
