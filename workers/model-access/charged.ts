import type { Price } from "../models/ports/price.ts";
import { calledAt, resolveEmbedder } from "../models/registry.ts";
import type { Runtime } from "../platform/runtime.ts";
import { connectionsOf } from "./connections.ts";
import type { Payer } from "./use.ts";
import { chatModelFor } from "./workspace-models.ts";

const costs = (price: Price | null) => price !== null && (price.rates.input > 0 || price.rates.output > 0);

/** Whether a workspace pays by credits for what an embedder does, the default for null. Throws as `resolveEmbedder`. */
export async function isEmbedderCharged(ctx: Runtime, payer: Payer, id: string | null): Promise<boolean> {
  const connections = connectionsOf(ctx, payer);
  const embedder = await resolveEmbedder(ctx, connections, id);
  const at = await calledAt(ctx, connections, embedder.id, "embedder");
  return at?.called.payer === "installation" && costs(at.called.price);
}

/** Whether a workspace pays by credits for what a chat model writes, the default for null. Throws as `resolveChatModel`. */
export async function isChatCharged(ctx: Runtime, payer: Payer, id: string | null): Promise<boolean> {
  const { connection, info } = await chatModelFor(ctx, payer, id);
  return connection?.payer === "installation" && costs(info.price);
}
