import { Problem } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { countSubject } from "./count-subject.ts";
import type { Verdict } from "./rate-limit-window.ts";
import { addressSubject, type RateLimit, type RouteClass } from "./rate-limits.ts";

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

/** Tells whoever has no requests left when to come back. */
export function limitReached({ limit, resetSeconds }: Counted): Problem {
  const wait = resetSeconds < 120 ? `${resetSeconds} seconds` : `${Math.ceil(resetSeconds / 60)} minutes`;
  return new Problem(
    "rate_limited",
    `That is more than ${limit.limit} requests of this kind per ${spanOf(limit.seconds)}. Try again in ${wait}.`,
    { retryAfterSeconds: resetSeconds },
  );
}

/** Whom the request's address stands for. */
export const addressOf = ({ config }: Runtime, headers: Headers) =>
  addressSubject(headers, config.ENVIRONMENT === "production");

/** Counts a request of a class for each of `subjects`: the tightest of the counts, or null where limits are off. */
export async function countRequest(runtime: Runtime, kind: RouteClass, subjects: string[]): Promise<Counted | null> {
  const { RATE_LIMITS: table } = runtime.config;
  if (table === "off") return null;
  const limit = table[kind];
  const verdicts = await Promise.all(subjects.map((subject) => countSubject(runtime, { subject, kind, limit })));
  const counted = verdicts
    .map((verdict): Counted => ({ ...verdict, kind, limit }))
    .toSorted((a, b) => a.remaining - b.remaining);
  return counted.find(({ allowed }) => !allowed) ?? counted[0] ?? null;
}

/** The fields of draft-ietf-httpapi-ratelimit-headers. */
export function limitHeaders({ kind, limit, remaining, resetSeconds }: Counted): [string, string][] {
  return [
    ["RateLimit-Policy", `"${kind}";q=${limit.limit};w=${limit.seconds}`],
    ["RateLimit", `"${kind}";r=${remaining};t=${resetSeconds}`],
  ];
}
