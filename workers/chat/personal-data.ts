import { iso } from "../platform/clock.ts";
import { jsonFile } from "../platform/rooms/archive-file.ts";
import type { Erased, PersonalData } from "../platform/rooms/personal-data.ts";
import type { Runtime } from "../platform/runtime.ts";
import { conversationObject } from "./conversations/get-conversation.ts";
import { exportWhole } from "./export-library.ts";
import {
  conversationsHeld,
  conversationsLeft,
  hasConversations,
  listShares,
  removeConversations,
} from "./personal-data-queries.ts";
import { caughtUp } from "./projection/caught-up.ts";
import type { Owner, Tenant } from "./queries.ts";

/** How many conversations one run of the cron takes, so that it stays within what one call may do. */
const atOnce = 100;

async function sharesOf(runtime: Runtime, whose: Parameters<typeof listShares>[1]) {
  const shares = (await listShares(runtime.db, whose)).map((row) => ({
    id: row.id,
    kind: row.kind,
    conversation_id: row.conversationId,
    workspace_id: row.workspaceId,
    created_by: row.createdBy,
    created_at: iso(row.createdAt),
  }));
  return jsonFile(runtime, "shares.json", shares);
}

const conversationsOf = (runtime: Runtime, name: string, whose: Owner | Tenant) => ({
  name,
  modifiedAt: runtime.clock.now(),
  body: exportWhole(runtime, whose),
});

/** Lets a conversation go that is too old, unless somebody has just asked in it: its object knows at once. Whether it may. */
export const retireConversation = (runtime: Runtime, id: string): Promise<boolean> =>
  conversationObject(runtime, id).retire(id);

async function removeSome(runtime: Runtime, of: Erased): Promise<boolean> {
  const ids = await conversationsLeft(runtime.db, of, atOnce);
  for (const id of ids) await conversationObject(runtime, id).erase(id);
  await removeConversations(runtime.db, ids);
  return ids.length < atOnce;
}

/** Conversations, and what is shared of them. */
export const personalData: PersonalData = {
  caughtUp,
  ofPerson: {
    async *files(runtime, { userId, workspaces }) {
      yield sharesOf(runtime, { createdBy: userId });
      for (const { id } of workspaces)
        yield conversationsOf(runtime, `conversations/${id}.json`, { workspaceId: id, userId });
    },
  },
  ofWorkspace: {
    async *files(runtime, workspaceId) {
      yield sharesOf(runtime, { workspaceId });
      yield conversationsOf(runtime, "conversations.json", { workspaceId, everybody: true });
    },
  },
  erasure: {
    held: (of) => [{ kind: "conversation", rows: conversationsHeld(of) }],
    remove: { step: "conversations", some: removeSome },
    // An answer that was being written when its conversation went has ended by then: what it left goes too.
    empty: { kind: "conversation", one: (runtime, id) => conversationObject(runtime, id).erase(id) },
    workspaces: { isLeft: hasConversations },
  },
};
