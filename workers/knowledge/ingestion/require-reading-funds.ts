import { findPrivacy } from "../../clones/queries.ts";
import { isEmbedderCharged } from "../../model-access/charged.ts";
import { requireFunds } from "../../wallet/require-funds.ts";
import type { Context } from "../../workspaces/context.ts";
import { pipelineConfigOf } from "../pipeline-config.ts";

/** Lets a clone read something where its embedder costs nothing, or its workspace has credits. Throws `insufficient_credits`, and what the embedder cannot be had for. */
export async function requireReadingFunds(ctx: Context, cloneId: string, workspaceId: string): Promise<void> {
  if (ctx.config.BILLING === "off") return;
  const [config, privacy] = await Promise.all([pipelineConfigOf(ctx.db, cloneId), findPrivacy(ctx.db, cloneId)]);
  if (await isEmbedderCharged(ctx, { workspaceId, privacy }, config.embedding.model))
    await requireFunds(ctx, workspaceId, "Reading documents by this clone’s embedder");
}
