import type { Connection } from "../../ports/connection.ts";
import { bearer, providerFetchJson } from "../provider-fetch.ts";

/** What the SDK's models are made of, so that they reach a server by its connection and through the guarded fetch. */
export const sdkSettings = (connection: Connection, kind: "chat" | "embedding") => ({
  provider: `${connection.provider}.${kind}`,
  url: ({ path }: { path: string }) => `${connection.address}${path}`,
  headers: bearer(connection),
  fetch: providerFetchJson,
});
