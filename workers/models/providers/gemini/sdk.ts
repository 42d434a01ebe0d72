import type { GoogleProvider } from "@ai-sdk/google";
import type { Connection } from "../../ports/connection.ts";

/** Google's SDK for a connection, loaded when it is first needed. */
export async function sdkFor(
  { address, apiKey = "" }: Connection,
  fetch: typeof globalThis.fetch,
): Promise<GoogleProvider> {
  const { createGoogle } = await import("@ai-sdk/google");
  return createGoogle({ baseURL: address, apiKey, fetch });
}
