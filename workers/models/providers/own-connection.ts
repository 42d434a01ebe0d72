import type { Config } from "../../platform/config/config.ts";
import type { Connection, OwnConnection } from "../ports/connection.ts";
import { withoutSlash } from "./provider-fetch.ts";
import { isAllowedHost, waitsFor } from "./waits.ts";

/**
 * What a provider is reached by at an address that a workspace has given: with nothing of the installation's, and never into its network, unless the operator allowed the host. Only that
 * makes it a machine of one's own: by its address it could be anybody's.
 */
export function atOwnAddress(
  config: Config,
  provider: string,
  { address: given, apiKey, headers }: OwnConnection & { address: string },
): Connection {
  const address = withoutSlash(given);
  return {
    provider,
    address,
    apiKey,
    lane: isAllowedHost(config, address) ? "own" : "cloud",
    payer: "workspace",
    ...(headers ? { headers } : {}),
    isGuarded: true,
    waits: waitsFor(config, address),
  };
}

/** Whether somebody brings an address. */
export const hasAddress = (own: OwnConnection | undefined): own is OwnConnection & { address: string } =>
  own?.address !== undefined;
