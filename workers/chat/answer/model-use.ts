import { askedBy, type ModelUse, type Payer, type Purpose } from "../../model-access/use.ts";
import { chatModelFor, fastModelFor } from "../../model-access/workspace-models.ts";
import type { ChatModel } from "../../models/ports/chat-model.ts";
import type { Context } from "../../workspaces/context.ts";
import type { TurnInput } from "./turn-input.ts";

type Paid = Pick<TurnInput, "clone" | "workspaceId" | "privacy">;

/** Who pays for an answer: the clone's workspace, or the asker's own where no clone answers. */
const payerOf = ({ clone, workspaceId, privacy = null }: Paid): Payer => ({
  workspaceId: clone?.workspaceId ?? workspaceId,
  privacy,
});

/** The model of an id, or the default for null, called with the payer's own keys where they have some. Throws as `chatModelFor`. */
export function resolveModel(ctx: Context, input: Paid, modelId: string | null): Promise<ChatModel> {
  return chatModelFor(ctx, payerOf(input), modelId);
}

/**
 * What does the small jobs of a conversation whose answers are by `answering`: the installation's model for them, else that itself. The offline reader writes nothing of its own, and
 * nothing of what it answers is sent to another: null.
 */
export async function resolveFastModel(ctx: Context, input: Paid, answering: string | null): Promise<ChatModel | null> {
  const chat = await resolveModel(ctx, input, answering);
  return chat.info.offline ? null : ((await fastModelFor(ctx, payerOf(input))) ?? chat);
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
