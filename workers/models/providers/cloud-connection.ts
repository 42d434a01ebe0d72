import type { Config } from "../../platform/config/config.ts";
import type { Connection, OwnConnection } from "../ports/connection.ts";
import { atOwnAddress, hasAddress } from "./own-connection.ts";
import { withoutSlash } from "./provider-fetch.ts";
import { waitsFor } from "./waits.ts";

/** A cloud, and what the installation has for it. */
interface Cloud {
  provider: string;
  /** Where it usually is. */
  usualAddress: string;
  apiKey: string | undefined;
  baseUrl: string | undefined;
}

/** What a cloud is reached by; null without a key. It is a cloud wherever its address is: what answers there passes on what it gets. */
export function cloudConnection(config: Config, cloud: Cloud, own: OwnConnection | undefined): Connection | null {
  if (hasAddress(own)) return own.apiKey ? { ...atOwnAddress(config, cloud.provider, own), lane: "cloud" } : null;
  const apiKey = own?.apiKey ?? cloud.apiKey;
  if (!apiKey) return null;
  const address = withoutSlash(cloud.baseUrl ?? cloud.usualAddress);
  const payer = own ? "workspace" : "installation";
  return { provider: cloud.provider, address, apiKey, lane: "cloud", payer, waits: waitsFor(config, address) };
}
