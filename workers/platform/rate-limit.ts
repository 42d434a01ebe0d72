import { createMiddleware } from "hono/factory";
import { Problem } from "./errors.ts";
import type { RuntimeEnv } from "./http.ts";
import { load, overloaded } from "./overload.ts";
import type { Verdict } from "./rate-limit-window.ts";
import { addressSubject, classOf, type RateLimit, type RouteClass } from "./rate-limits.ts";
import type { Runtime } from "./runtime.ts";

/** What a request was counted as, for the answer's headers. */
export interface Counted extends Verdict {
  kind: string;
  limit: RateLimit;
}

const lengths: [seconds: number, name: string][] = [
  [86_400, "day"],
  [3_600, "hour"],
  [60, "minute"],
  [1, "second"],
];

const spanOf = (seconds: number) => lengths.find(([each]) => each === seconds)?.[1] ?? `${seconds} seconds`;

function refusal({ limit, resetSeconds }: Counted): Problem {
  const wait = resetSeconds < 120 ? `${resetSeconds} seconds` : `${Math.ceil(resetSeconds / 60)} minutes`;
  return new Problem(
    "rate_limited",
    `That is more than ${limit.limit} requests of this kind per ${spanOf(limit.seconds)}. Try again in ${wait}.`,
    { retryAfterSeconds: resetSeconds },
  );
}

async function count(runtime: Runtime, subject: string, kind: RouteClass): Promise<Counted | null> {
  const { RATE_LIMITS: table } = runtime.config;
  if (table === "off") return null;
  const limit = table[kind];
  const namespace = runtime.env.RATE_LIMIT;
  const verdict = await namespace.get(namespace.idFromName(subject)).count(kind, limit, runtime.clock.now());
  return { ...verdict, kind, limit };
}

/** Whom the request's address stands for. */
export const addressOf = ({ config }: Runtime, headers: Headers) =>
  addressSubject(headers, config.ENVIRONMENT === "production");

/** Counts a request for each of `subjects`, and hands the tightest count to `keep`. Throws `rate_limited`. */
export async function limitRequest(
  runtime: Runtime,
  request: Request,
  subjects: string[],
  keep: (counted: Counted) => void | Promise<void>,
): Promise<void> {
  const kind = classOf(request);
  const all = await Promise.all(subjects.map((subject) => count(runtime, subject, kind)));
  const counted = all.filter((each) => each !== null).toSorted((a, b) => a.remaining - b.remaining);
  const tightest = counted.find(({ allowed }) => !allowed) ?? counted[0];
  if (!tightest) return;
  await keep(tightest);
  if (!tightest.allowed) throw refusal(tightest);
}

/** Counts by address what comes without credentials, or is there to get some. All else is counted when it is known who asks. */
export const limitByAddress = createMiddleware<RuntimeEnv>(async (c, next) => {
  const { headers } = c.req.raw;
  const kind = classOf(c.req.raw);
  const isAnonymous = !headers.has("Authorization") && !headers.has("Cookie");
  if (kind === "auth" || kind === "passkey" || kind === "visitor" || isAnonymous) {
    const { runtime } = c.var;
    await limitRequest(runtime, c.req.raw, [addressOf(runtime, headers)], (counted) => c.set("counted", counted));
  }
  await next();
});

/** Turns new questions away at the door, before anything is read for them, while this isolate cannot keep up. */
export const shedQuestions = createMiddleware<RuntimeEnv>(async (c, next) => {
  const { clock } = c.var.runtime;
  if (classOf(c.req.raw) === "chat" && load.isFull(clock.now())) throw overloaded();
  await next();
});

/** The fields of draft-ietf-httpapi-ratelimit-headers. */
export function limitHeaders({ kind, limit, remaining, resetSeconds }: Counted): [string, string][] {
  return [
    ["RateLimit-Policy", `"${kind}";q=${limit.limit};w=${limit.seconds}`],
    ["RateLimit", `"${kind}";r=${remaining};t=${resetSeconds}`],
  ];
}
