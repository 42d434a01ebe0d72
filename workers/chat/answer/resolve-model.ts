import type { ChatModel } from "../../models/ports.ts";
import { resolveChatModel } from "../../models/registry.ts";
import type { Context } from "../../workspaces/context.ts";
import { withProviderKeys } from "../../workspaces/provider-keys.ts";

/** What tells whose keys pay for an answer: those of the clone's workspace, or of the asker's own where no clone answers. */
interface Payer {
  clone: { workspaceId: string } | null | undefined;
  workspaceId: string;
}

/** The model of an id, or the default for null, called with the payer's own keys where they have some. Throws as `resolveChatModel`. */
export async function resolveModel(ctx: Context, payer: Payer, modelId: string | null): Promise<ChatModel> {
  return resolveChatModel(await withProviderKeys(ctx, payer.clone?.workspaceId ?? payer.workspaceId), modelId);
}
