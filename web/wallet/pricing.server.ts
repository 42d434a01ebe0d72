import type { RouterContextProvider } from "react-router";
import { apiFetch } from "../api-context.ts";
import type { Pricing } from "./offers.ts";

/** What this installation sells; null where it sells nothing. */
export async function readPricing(request: Request, context: Readonly<RouterContextProvider>): Promise<Pricing | null> {
  const address = new URL("/api/v1/pricing", request.url);
  const response = await context.get(apiFetch)(new Request(address, { headers: { Accept: "application/json" } }));
  return response.ok ? ((await response.json()) as Pricing) : null;
}
