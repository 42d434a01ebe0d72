import type { z } from "zod";
import { OAuthRefusal } from "./oauth-refusal.ts";

/** A person waits meanwhile, with their browser between two pages. */
const patienceMs = 10_000;

/** What is asked of a provider: no redirect is to be followed, as it could lead anywhere. */
export interface ProviderCall {
  method?: "GET" | "POST";
  headers?: Record<string, string>;
  body?: URLSearchParams;
  signal: AbortSignal;
}
/** How a provider is reached: who named its addresses decides how far they are trusted. */
export type Ask = (url: string, call: ProviderCall) => Promise<Response>;

/** For providers that the settings name. */
export const askDirectly: Ask = (url, call) => fetch(url, { ...call, redirect: "manual" });

/**
 * JSON of a provider, in the shape that is needed. Throws `OAuthRefusal` with `provider_failed`, whose cause tells the log what was
 * wrong but nothing of the answer's body, in which tokens may stand.
 */
export async function fetchFrom<S extends z.ZodType>(
  ask: Ask,
  url: string,
  shape: S,
  init: Omit<ProviderCall, "signal"> = {},
): Promise<z.output<S>> {
  const failed = (cause: unknown) => new OAuthRefusal("provider_failed", cause);
  let response: Response;
  try {
    response = await ask(url, { ...init, signal: AbortSignal.timeout(patienceMs) });
  } catch (error) {
    throw failed(error);
  }
  const where = `${new URL(url).origin}${new URL(url).pathname}`;
  if (!response.ok) throw failed(new Error(`${where} answered ${response.status}`));
  const body = await response.json().catch(() => null);
  const read = shape.safeParse(body);
  if (!read.success) throw failed(new Error(`${where} answered without ${read.error.issues[0]?.path.join(".")}`));
  return read.data;
}
