import { askedBy, type ModelUse, type Payer, type Purpose } from "../../model-access/use.ts";
import { chatModelFor } from "../../model-access/workspace-models.ts";
import type { ChatModel } from "../../models/ports/chat-model.ts";
import type { Context } from "../../workspaces/context.ts";
import type { TurnInput } from "./turn-input.ts";

/** Who pays for an answer: the clone's workspace, or the asker's own where no clone answers. */
const payerOf = ({ clone, workspaceId }: Pick<TurnInput, "clone" | "workspaceId">): Payer => ({
  workspaceId: clone?.workspaceId ?? workspaceId,
  privacy: null,
});

/** The model of an id, or the default for null, called with the payer's own keys where they have some. Throws as `chatModelFor`. */
export function resolveModel(
  ctx: Context,
  input: Pick<TurnInput, "clone" | "workspaceId">,
  modelId: string | null,
): Promise<ChatModel> {
  return chatModelFor(ctx, payerOf(input), modelId);
}

/** What a turn calls a model for. */
export function modelUse(input: TurnInput, purpose: Purpose): ModelUse {
  const payer = payerOf(input);
  return {
    ...payer,
    purpose,
    ...askedBy(input.holder, payer.workspaceId),
    cloneId: input.cloneId,
    conversationId: input.conversationId,
    turnId: input.turnId,
  };
}
