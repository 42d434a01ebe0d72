import type { Connections } from "../models/ports/connection.ts";
import { providersOf } from "../models/provider-list.ts";
import type { Runtime } from "../platform/runtime.ts";
import { ownKey } from "./provider-keys.ts";
import type { Payer, Privacy } from "./use.ts";

/**
 * Connections, as far as something is bound: what is kept on the owner's own machines reaches no cloud. The one place where that is seen to; there is no other way to a
 * provider than by connections. A machine of the owner's that passes some models on is told that it is bound.
 */
export const boundTo = (privacy: Privacy, connections: Connections): Connections => ({
  ...connections,
  isBound: privacy === "own",
  async reach(provider) {
    const connection = await connections.reach(provider);
    if (privacy !== "own" || !connection) return connection;
    return connection.lane === "own" ? { ...connection, isBound: true } : null;
  },
});

/** What a workspace's calls go by: its own keys where it has some, else the installation's. Keys are looked up when a provider is reached, not before. */
export const connectionsOf = (ctx: Runtime, { workspaceId, privacy }: Payer): Connections =>
  boundTo(privacy, {
    isBound: false,
    providers: async () => providersOf(ctx.config),
    async reach(provider) {
      const apiKey = provider.takesOwnKeys ? await ownKey(ctx, workspaceId, provider.name) : undefined;
      return provider.connect(ctx.config, ctx.env, apiKey === undefined ? undefined : { apiKey });
    },
  });
