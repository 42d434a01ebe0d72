import type { Connections } from "../models/ports/connection.ts";
import type { Runtime } from "../platform/runtime.ts";
import { ownKey } from "./provider-keys.ts";

/** What a workspace's calls go by: its own keys where it has some, else the installation's. Keys are looked up when a provider is reached, not before. */
export const connectionsOf =
  (ctx: Runtime, workspaceId: string): Connections =>
  async (provider) => {
    const key = provider.takesOwnKeys ? await ownKey(ctx, workspaceId, provider.name) : undefined;
    return provider.connect(ctx.config, ctx.env, key);
  };
