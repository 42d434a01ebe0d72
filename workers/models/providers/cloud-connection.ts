import type { Config } from "../../platform/config/config.ts";
import type { Connection, OwnConnection } from "../ports/connection.ts";
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
  // A key of the installation's is for the installation's address alone.
  const apiKey = own?.apiKey ?? (own?.address ? undefined : cloud.apiKey);
  if (!apiKey) return null;
  const address = withoutSlash(own?.address ?? cloud.baseUrl ?? cloud.usualAddress);
  const payer = own ? "workspace" : "installation";
  return { provider: cloud.provider, address, apiKey, lane: "cloud", payer, waits: waitsFor(config, address) };
}
