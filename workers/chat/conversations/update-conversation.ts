import type { z } from "zod";
import { notFound } from "../../platform/errors.ts";
import { withAudit } from "../../workspaces/audited.ts";
import { requireChoosable } from "../../workspaces/choose-model.ts";
import type { Context } from "../../workspaces/context.ts";
import { ownerOf } from "../access.ts";
import type { updateConversationInput } from "../contract.ts";
import {
  type ConversationChanges,
  type ConversationRow,
  changeConversation,
  findMessage,
  removeConversation,
} from "../queries.ts";
import { conversationObject, getConversation } from "./get-conversation.ts";
import { refuseVisitorsChoice } from "./visitors-choice.ts";

/** Changes what is given; a title that a person gives is never replaced by a found one. Throws `not_found`. */
export async function updateConversation(
  ctx: Context,
  id: string,
  input: z.output<typeof updateConversationInput>,
): Promise<ConversationRow> {
  const { system_prompt, top_p, max_tokens, head_message_id, title, ...fields } = input;
  const conversation = await getConversation(ctx, id);
  refuseVisitorsChoice(ctx, input);
  await requireChoosable(ctx, conversation.workspaceId, fields.model, conversation.model);
  if (head_message_id !== undefined && !(await findMessage(ctx.db, conversation, head_message_id)))
    throw notFound("message");
  const changes: ConversationChanges = {
    ...fields,
    ...(title === undefined ? {} : { title, titleSource: "person" as const }),
    ...(system_prompt === undefined ? {} : { systemPrompt: system_prompt }),
    ...(top_p === undefined ? {} : { topP: top_p }),
    ...(max_tokens === undefined ? {} : { maxTokens: max_tokens }),
    ...(head_message_id === undefined ? {} : { headMessageId: head_message_id }),
  };
  if (Object.keys(changes).length === 0) return conversation;
  const [row] = await withAudit(ctx, changeConversation(ctx.db, ownerOf(ctx), id, changes), {
    action: "conversation.changed",
    resource: { kind: "conversation", id },
    details: { fields: Object.keys(input) },
  });
  if (!row) throw notFound("conversation");
  return row;
}

/** Deletes a conversation with its messages; an answer that is being written ends. Throws `not_found`. */
export async function deleteConversation(ctx: Context, id: string): Promise<void> {
  const removed = await withAudit(ctx, removeConversation(ctx.db, ownerOf(ctx), id), {
    action: "conversation.deleted",
    resource: { kind: "conversation", id },
  });
  if (removed.length === 0) throw notFound("conversation");
  ctx.defer(conversationObject(ctx, id).erase());
}
