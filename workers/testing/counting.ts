import { env } from "cloudflare:workers";
import type { RateLimitObject } from "../platform/limits/rate-limit-object.ts";

/** The binding as it is, as modules are read anew for each file. */
const kept = globalThis as { rateLimit?: Env["RATE_LIMIT"] };

/** Counts of requests that are under way. */
const underWay = new Set<Promise<unknown>>();

function noted<T>(counting: Promise<T>): Promise<T> {
  underWay.add(counting);
  const over = () => underWay.delete(counting);
  counting.then(over, over);
  return counting;
}

/** A binding or stub, each function of which is called through `called`. */
function through<T extends object>(real: T, called: (name: string | symbol, call: () => unknown) => unknown): T {
  return new Proxy(real, {
    get(of, name) {
      const value = Reflect.get(of, name);
      if (typeof value !== "function" || name === "constructor") return value;
      return (...given: unknown[]) =>
        called(name, () => (of as Record<string | symbol, (...given: unknown[]) => unknown>)[name]?.(...given));
    },
  });
}

/** Takes note of requests that are counted beside the answer to them, so that a test may wait for it. */
export function noteCounting(): void {
  kept.rateLimit ??= env.RATE_LIMIT;
  env.RATE_LIMIT = through(kept.rateLimit, (called, call) => {
    if (called !== "get") return call();
    return through(call() as DurableObjectStub<RateLimitObject>, (name, count) =>
      name === "count" ? noted(count() as Promise<unknown>) : count(),
    );
  });
}

/** Waits until all requests are counted: what is left going when the stores are emptied is cut off. */
export async function allCounted(): Promise<void> {
  await Promise.allSettled(underWay);
}
