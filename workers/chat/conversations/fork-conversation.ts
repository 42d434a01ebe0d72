import { notFound } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { audited } from "../../workspaces/audited.ts";
import { operation } from "../../workspaces/operation.ts";
import { conversation, forkInput, tags } from "../contract.ts";
import { presentConversation } from "../present.ts";
import type { ConversationRow } from "../queries.ts";
import { currentConversation, ofOwn } from "./get-conversation.ts";
import { insertMany } from "./library-queries.ts";
import { turnInProgress } from "./turn-in-progress.ts";

/** Copies have ids of their own, citations too. Throws `not_found`, and `turn_in_progress` where an answer of the branch is still being written. */
export const forkConversation = operation({
  summary: "Make a new conversation of the branch up to a message",
  tags,
  action: "conversation.write",
  scope: "chat",
  audit: "conversation.forked",
  params: ["id"],
  input: forkInput,
  output: conversation,
  async run(ctx, { params: { id }, body: { message_id: messageId } }) {
    const branch = await ofOwn(ctx, id, (object, owner) => object.branch(id, owner, messageId));
    if (branch.length === 0) throw notFound("message");
    if (branch.some(({ status }) => status === "running")) throw turnInProgress();
    const source = await currentConversation(ctx, id);
    const copyOf = new Map(branch.map((row) => [row.id, newId("message")]));
    const copied = (from: string | null) => (from === null ? null : (copyOf.get(from) ?? null));
    const now = ctx.clock.now();
    const fork: ConversationRow = {
      ...source,
      id: newId("conversation"),
      pinned: false,
      archived: false,
      headMessageId: copied(messageId),
      forkedFrom: source.id,
      createdAt: now,
      updatedAt: now,
    };
    // A turn is counted where it was run: its copy has none.
    const rows = branch.map(({ citations: _, ...row }) => ({
      ...row,
      id: copyOf.get(row.id) ?? newId("message"),
      parentId: copied(row.parentId),
      conversationId: fork.id,
      turnId: null,
      compareGroup: null,
    }));
    const citations = branch.flatMap(({ id, citations }) =>
      citations.map((each) => ({ ...each, messageId: copyOf.get(id) ?? "" })),
    );
    await insertMany(ctx.db, [{ conversation: fork, rows, cited: citations }], () =>
      audited(ctx, {
        action: "conversation.forked",
        resource: { kind: "conversation", id: fork.id },
        details: { from: source.id },
      }),
    );
    return presentConversation(fork);
  },
});
