import robotsParser from "robots-parser";
import { Problem } from "../../platform/errors.ts";
import { type FetchPolicy, guardedFetch, robotName } from "../../platform/fetch/guarded-fetch.ts";

/** What a website asks of robots. */
export interface Robots {
  allows(url: string): boolean;
  /** Addresses of its sitemaps, as it names them. */
  sitemaps: string[];
  /** Seconds to leave between two pages. */
  delaySeconds: number;
}

/** How much is read of a robots.txt, whatever follows: the standard asks for 500 KiB at least (RFC 9309). */
const maxBytes = 512 * 1024;
const maxDelaySeconds = 10;

/** The lines of a robots.txt. Where it was cut, the last may be a part of one: `Disallow: /` of `Disallow: /search`. */
function rulesIn(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes);
  return bytes.length < maxBytes ? text : text.slice(0, Math.max(text.lastIndexOf("\n"), text.lastIndexOf("\r")) + 1);
}

/**
 * Reads what the website at `origin` asks of robots. A missing robots.txt forbids nothing; one that cannot be had forbids
 * everything (RFC 9309), which throws `fetch_failed`.
 */
export async function readRobots(policy: FetchPolicy, origin: string): Promise<Robots> {
  const address = `${origin}/robots.txt`;
  // Many servers give it no type, or a wrong one; what is no rule in it is skipped.
  const { status, bytes } = await guardedFetch(policy, address, {
    accept: "any",
    maxBytes,
    cut: true,
    milliseconds: 10_000,
  });
  if (status >= 500 || status === 429) {
    const detail = `${new URL(origin).hostname} does not say what robots may read (its robots.txt answers ${status}). Try again later.`;
    throw new Problem("fetch_failed", detail);
  }
  const rules = robotsParser(address, status < 300 ? rulesIn(bytes) : "");
  return {
    allows: (url) => rules.isAllowed(url, robotName) !== false,
    sitemaps: rules.getSitemaps(),
    delaySeconds: Math.min(maxDelaySeconds, Math.max(0, rules.getCrawlDelay(robotName) ?? 0)),
  };
}
