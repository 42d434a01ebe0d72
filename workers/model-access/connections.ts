import type { Connections } from "../models/ports/connection.ts";
import { providersWithOwn } from "../models/provider-list.ts";
import type { Runtime } from "../platform/runtime.ts";
import { type Own, ownOf } from "./own-connections.ts";
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

/** What a workspace's calls go by: what it has brought of its own, else the installation's. That is looked up when a provider is needed, not before, and once. */
export function connectionsOf(ctx: Runtime, { workspaceId, privacy }: Payer): Connections {
  let found: Promise<readonly Own[]> | undefined;
  const own = () => {
    found ??= ownOf(ctx, workspaceId);
    return found;
  };
  return boundTo(privacy, {
    isBound: false,
    async providers() {
      const servers = (await own()).filter(({ isServer }) => isServer);
      return providersWithOwn(
        ctx.config,
        servers.map(({ name }) => name),
      );
    },
    async reach(provider) {
      const brought = provider.takesOwn ? (await own()).find(({ name }) => name === provider.name) : undefined;
      return provider.connect(ctx.config, ctx.env, brought?.open());
    },
  });
}
