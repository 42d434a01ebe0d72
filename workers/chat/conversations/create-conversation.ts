import { requireTalkable } from "../../clones/get-talkable-clone.ts";
import type { CloneRow } from "../../clones/queries.ts";
import { inRuns } from "../../db/in-runs.ts";
import { confirmedCard } from "../../knowledge/clone-card.ts";
import { viewerOf } from "../../knowledge/viewer.ts";
import { requireChoosable } from "../../model-access/choose-model.ts";
import { notFound } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { actIn } from "../../workspaces/act-in.ts";
import { withAudit } from "../../workspaces/audited.ts";
import type { Context, UserActor } from "../../workspaces/context.ts";
import { operation } from "../../workspaces/operation.ts";
import { requireAllowed } from "../../workspaces/permissions.ts";
import { ownerOf } from "../access.ts";
import { conversation, createConversationInput, tags } from "../contract.ts";
import { presentConversation } from "../present.ts";
import { type ConversationRow, countDocumentsOf, insertConversation } from "../queries.ts";
import { conversationObject } from "./get-conversation.ts";
import { refuseVisitorsChoice } from "./visitors-choice.ts";

/** Where it is opened. Visitors belong to no workspace that they could name. */
async function inWorkspace(ctx: Context, workspaceId: string | undefined): Promise<Context> {
  if (workspaceId === undefined) return ctx;
  requireAllowed(ctx, null);
  return actIn(ctx as Context<UserActor>, workspaceId, "conversation.write");
}

async function requireDocuments(ctx: Context, clone: CloneRow | undefined, ids: string[]): Promise<void> {
  for (const part of inRuns([...new Set(ids)], 90)) {
    const known = clone ? await countDocumentsOf(ctx.db, clone.id, part, viewerOf(ctx.actor, clone)) : 0;
    if (known < part.length) throw notFound("document");
  }
}

/** Stores a conversation in D1, where it exists from then on, and beside that in its object, which need not look for it when it is asked. */
async function store(ctx: Context, row: ConversationRow): Promise<void> {
  const { id, cloneId } = row;
  const moved = conversationObject(ctx, id)
    .moveIn(row)
    .catch((error) => ctx.log.error("conversation_not_moved_in", error, { conversation_id: id }));
  try {
    await withAudit(ctx, insertConversation(ctx.db, row), {
      action: "conversation.created",
      resource: { kind: "conversation", id },
      details: { clone_id: cloneId },
    });
  } catch (error) {
    ctx.defer(conversationObject(ctx, id).erase(id));
    throw error;
  }
  await moved;
}

/** Throws `not_found` for a clone or document that is not the actor's to ask. */
export const createConversation = operation({
  summary: "Open a conversation with a clone, or with a model alone",
  tags,
  action: "conversation.write",
  scope: "chat",
  audit: "conversation.created",
  input: createConversationInput,
  output: conversation,
  async run(caller, { body: { workspace_id, ...input } }) {
    const ctx = await inWorkspace(caller, workspace_id);
    const owner = ownerOf(ctx);
    const cloneId = input.clone_id ?? ("cloneId" in owner ? owner.cloneId : undefined);
    const clone = cloneId ? requireTalkable(ctx, (await confirmedCard(ctx, cloneId, ctx.actor)).clone) : undefined;
    refuseVisitorsChoice(ctx, input);
    const payer = {
      workspaceId: clone?.workspaceId ?? owner.workspaceId,
      privacy: input.privacy ?? clone?.privacy ?? null,
    };
    await requireChoosable(ctx, payer, input.model);
    await requireDocuments(ctx, clone, input.document_ids ?? []);
    const now = ctx.clock.now();
    const id = newId("conversation");
    const row: ConversationRow = {
      id,
      workspaceId: owner.workspaceId,
      userId: "userId" in owner ? owner.userId : null,
      visitorId: "visitorId" in owner ? owner.visitorId : null,
      cloneId: clone?.id ?? null,
      title: input.title ?? "New conversation",
      titleSource: input.title ? "person" : "auto",
      model: input.model ?? null,
      systemPrompt: input.system_prompt ?? null,
      temperature: input.temperature ?? null,
      topP: input.top_p ?? null,
      maxTokens: input.max_tokens ?? null,
      reasoning: input.reasoning_effort ?? null,
      privacy: input.privacy ?? null,
      documentIds: input.document_ids?.length ? input.document_ids : null,
      pinned: false,
      archived: false,
      folder: null,
      tags: [],
      headMessageId: null,
      forkedFrom: null,
      createdAt: now,
      updatedAt: now,
      importedAt: null,
    };
    await store(ctx, row);
    return presentConversation(row);
  },
});
