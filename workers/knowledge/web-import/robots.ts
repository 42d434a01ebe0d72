import robotsParser from "robots-parser";
import { Problem } from "../../platform/errors.ts";
import { type FetchPolicy, guardedFetch, robotName } from "../../platform/guarded-fetch.ts";

/** What a website asks of robots. */
export interface Robots {
  allows(url: string): boolean;
  /** Addresses of its sitemaps, as it names them. */
  sitemaps: string[];
  /** Seconds to leave between two pages. */
  delaySeconds: number;
}

/** What the standard asks a robot to read at least (RFC 9309). */
const maxBytes = 512 * 1024;
const maxDelaySeconds = 10;

/**
 * Reads what the website at `origin` asks of robots. A missing robots.txt forbids nothing; one that cannot be had forbids
 * everything (RFC 9309), which throws `fetch_failed`.
 */
export async function readRobots(policy: FetchPolicy, origin: string): Promise<Robots> {
  const address = `${origin}/robots.txt`;
  // Many servers give it no type, or a wrong one; what is no rule in it is skipped.
  const { status, bytes } = await guardedFetch(policy, address, { accept: "any", maxBytes, milliseconds: 10_000 });
  if (status >= 500 || status === 429) {
    const detail = `${new URL(origin).hostname} does not say what robots may read (its robots.txt answers ${status}). Try again later.`;
    throw new Problem("fetch_failed", detail);
  }
  const rules = robotsParser(address, status < 300 ? new TextDecoder().decode(bytes) : "");
  return {
    allows: (url) => rules.isAllowed(url, robotName) !== false,
    sitemaps: rules.getSitemaps(),
    delaySeconds: Math.min(maxDelaySeconds, Math.max(0, rules.getCrawlDelay(robotName) ?? 0)),
  };
}
