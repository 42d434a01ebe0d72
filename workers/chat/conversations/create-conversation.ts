import type { z } from "zod";
import { getTalkableClone } from "../../clones/get-talkable-clone.ts";
import type { CloneRow } from "../../clones/queries.ts";
import { inRuns } from "../../db/in-runs.ts";
import { viewerOf } from "../../knowledge/viewer.ts";
import { notFound } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { withAudit } from "../../workspaces/audited.ts";
import { requireChoosable } from "../../workspaces/choose-model.ts";
import type { Context } from "../../workspaces/context.ts";
import { ownerOf } from "../access.ts";
import type { createConversationInput } from "../contract.ts";
import { type ConversationRow, countDocumentsOf, insertConversation } from "../queries.ts";
import { refuseVisitorsChoice } from "./visitors-choice.ts";

async function requireDocuments(ctx: Context, clone: CloneRow | undefined, ids: string[]): Promise<void> {
  for (const part of inRuns([...new Set(ids)], 90)) {
    const known = clone ? await countDocumentsOf(ctx.db, clone.id, part, viewerOf(ctx.actor, clone)) : 0;
    if (known < part.length) throw notFound("document");
  }
}

/** Opens a conversation with a clone, or with a model alone. Throws `not_found` for a clone or document that is not the actor's to ask. */
export async function createConversation(
  ctx: Context,
  input: Omit<z.output<typeof createConversationInput>, "workspace_id">,
): Promise<ConversationRow> {
  const owner = ownerOf(ctx);
  const cloneId = input.clone_id ?? ("cloneId" in owner ? owner.cloneId : undefined);
  const clone = cloneId ? await getTalkableClone(ctx, cloneId) : undefined;
  refuseVisitorsChoice(ctx, input);
  await requireChoosable(ctx, clone?.workspaceId ?? owner.workspaceId, input.model);
  await requireDocuments(ctx, clone, input.document_ids ?? []);
  const now = ctx.clock.now();
  const id = newId("conversation");
  const insert = insertConversation(ctx.db, {
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
    documentIds: input.document_ids?.length ? input.document_ids : null,
    createdAt: now,
    updatedAt: now,
  });
  const [row] = await withAudit(ctx, insert, {
    action: "conversation.created",
    resource: { kind: "conversation", id },
    details: { clone_id: clone?.id ?? null },
  });
  if (!row) throw new Error("The conversation was not stored.");
  return row;
}
