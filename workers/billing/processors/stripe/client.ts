import type Stripe from "stripe";
import type { Config } from "../../../platform/config/config.ts";
import { ProcessorFailure } from "../processor.ts";

/** The version of the API that this was written for: an account's own may be another. */
const apiVersion = "2026-10-28.endive";
const timeoutMs = 20_000;

/** The library: loaded when it is needed, as a start is not to pay for it. */
export const library = async () => (await import("stripe")).default;

const clients = new WeakMap<Config, Promise<Stripe>>();

async function connect({ STRIPE_SECRET_KEY = "", STRIPE_BASE_URL }: Config): Promise<Stripe> {
  const Library = await library();
  const { protocol, hostname: host, port } = new URL(STRIPE_BASE_URL);
  const isPlain = protocol === "http:";
  return new Library(STRIPE_SECRET_KEY, {
    apiVersion,
    protocol: isPlain ? "http" : "https",
    host,
    port: port || (isPlain ? 80 : 443),
    timeout: timeoutMs,
    // What is asked again is asked by the outbox, which knows what was.
    maxNetworkRetries: 0,
    telemetry: false,
    httpClient: Library.createFetchHttpClient(),
  });
}

/** Stripe by this configuration's key. */
export function stripeOf(config: Config): Promise<Stripe> {
  const known = clients.get(config) ?? connect(config);
  clients.set(config, known);
  return known;
}

/** What Stripe says of a failure. */
interface Said {
  type?: unknown;
  statusCode?: unknown;
  code?: unknown;
  message?: unknown;
}

/** Whether it was surely not done, and would not be either: Stripe refuses what it was asked. */
function isRefusal({ statusCode }: Said): boolean {
  return typeof statusCode === "number" && [400, 402, 403, 404].includes(statusCode);
}

/** Runs a call of the library; what it throws is a `ProcessorFailure`. */
export async function asking<T>(config: Config, ask: (stripe: Stripe) => Promise<T>): Promise<T> {
  const stripe = await stripeOf(config);
  try {
    return await ask(stripe);
  } catch (error) {
    const said: Said = error instanceof Error ? (error as Said) : {};
    const code = String(said.code ?? said.type ?? "unknown");
    throw new ProcessorFailure(isRefusal(said) ? "refused" : "unclear", code, String(said.message ?? error), error);
  }
}
