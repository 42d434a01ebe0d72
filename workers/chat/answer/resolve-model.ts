import { chatModelFor } from "../../model-access/workspace-models.ts";
import type { ChatModel } from "../../models/ports/chat-model.ts";
import type { Context } from "../../workspaces/context.ts";

/** What tells whose keys pay for an answer: those of the clone's workspace, or of the asker's own where no clone answers. */
interface Payer {
  clone: { workspaceId: string } | null | undefined;
  workspaceId: string;
}

/** The model of an id, or the default for null, called with the payer's own keys where they have some. Throws as `chatModelFor`. */
export function resolveModel(ctx: Context, payer: Payer, modelId: string | null): Promise<ChatModel> {
  return chatModelFor(ctx, payer.clone?.workspaceId ?? payer.workspaceId, modelId);
}
