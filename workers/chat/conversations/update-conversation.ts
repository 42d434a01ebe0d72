import { requireChoosable } from "../../model-access/choose-model.ts";
import { notFound } from "../../platform/errors.ts";
import { withAudit } from "../../workspaces/audited.ts";
import { operation } from "../../workspaces/operation.ts";
import { ownerOf } from "../access.ts";
import { conversation, tags, updateConversationInput } from "../contract.ts";
import { presentConversation } from "../present.ts";
import { fileConversation } from "../queries.ts";
import type { Settings } from "../store/conversation-store.ts";
import { currentConversation, ofOwn } from "./get-conversation.ts";
import { refuseVisitorsChoice } from "./visitors-choice.ts";

/** A title that a person gives is never replaced by a found one. Throws `not_found`. */
export const updateConversation = operation({
  summary: "Rename, pin, archive, file or tag it, or show another branch",
  tags,
  action: "conversation.write",
  scope: "chat",
  audit: "conversation.changed",
  params: ["id"],
  input: updateConversationInput,
  output: conversation,
  async run(ctx, { params: { id }, body }) {
    const { system_prompt, top_p, max_tokens, reasoning_effort, head_message_id, title, ...fields } = body;
    const before = await currentConversation(ctx, id);
    refuseVisitorsChoice(ctx, body);
    const { model, temperature, privacy, ...filed } = fields;
    const payer = { workspaceId: before.workspaceId, privacy: privacy === undefined ? before.privacy : privacy };
    await requireChoosable(ctx, payer, model, before.model);
    const changes: Partial<Settings> = {
      ...(model === undefined ? {} : { model }),
      ...(temperature === undefined ? {} : { temperature }),
      ...(title === undefined ? {} : { title, titleSource: "person" as const }),
      ...(system_prompt === undefined ? {} : { systemPrompt: system_prompt }),
      ...(top_p === undefined ? {} : { topP: top_p }),
      ...(max_tokens === undefined ? {} : { maxTokens: max_tokens }),
      ...(reasoning_effort === undefined ? {} : { reasoning: reasoning_effort }),
      ...(privacy === undefined ? {} : { privacy }),
      ...(head_message_id === undefined ? {} : { headMessageId: head_message_id }),
    };
    const isChanged = Object.keys(changes).length > 0;
    if (!isChanged && Object.keys(filed).length === 0) return presentConversation(before);
    const isDone = !isChanged || (await ofOwn(ctx, id, (object, owner) => object.change(id, owner, changes)));
    if (!isDone) throw notFound("message");
    const [row] = await withAudit(ctx, fileConversation(ctx.db, ownerOf(ctx), id, filed), {
      action: "conversation.changed",
      resource: { kind: "conversation", id },
      details: { fields: Object.keys(body) },
    });
    if (!row) throw notFound("conversation");
    // What the object has decided counts: D1 follows.
    const { pinned, archived, folder, tags } = row;
    return presentConversation({ ...before, ...changes, pinned, archived, folder, tags });
  },
});
