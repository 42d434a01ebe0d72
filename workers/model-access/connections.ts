import type { Connections } from "../models/ports/connection.ts";
import { providersOf } from "../models/provider-list.ts";
import type { Runtime } from "../platform/runtime.ts";
import { ownKey } from "./provider-keys.ts";
import { mayReach, type Payer } from "./use.ts";

/**
 * What a workspace's calls go by: its own keys where it has some, else the installation's. Keys are looked up when a provider is reached, not before. This is where what is
 * bound to the owner's own machines is kept from all others: there is no other way to a provider. A machine of the owner's that passes some models on is told that it is bound.
 */
export const connectionsOf = (ctx: Runtime, { workspaceId, privacy }: Payer): Connections => ({
  providers: async () => providersOf(ctx.config),
  async reach(provider) {
    const apiKey = provider.takesOwnKeys ? await ownKey(ctx, workspaceId, provider.name) : undefined;
    const connection = provider.connect(ctx.config, ctx.env, apiKey === undefined ? undefined : { apiKey });
    if (!connection || !mayReach(privacy, connection.lane)) return null;
    return privacy === "own" ? { ...connection, isBound: true } : connection;
  },
});
