import ipaddr from "ipaddr.js";
import type { OperationRules } from "../http/operation-rules.ts";

/** So many requests in so many seconds, counted over a window that slides. */
export interface RateLimit {
  limit: number;
  seconds: number;
}

const minute = 60;
const hour = 60 * minute;

/** The kinds of requests that are counted apart, with what one address, account, key or visitor may do by default. */
export const defaultLimits = {
  /** Passwords and codes, which are guessed. Counted by address. */
  auth: { limit: 5, seconds: minute },
  /** Sign-ins with a passkey that are begun, which the form does by itself whenever it is shown. Counted by address. */
  passkey: { limit: 30, seconds: minute },
  /** Anonymous visitors that an address becomes. */
  visitor: { limit: 20, seconds: minute },
  /** Questions, each of which has a model at work. */
  chat: { limit: 60, seconds: minute },
  /** Files and web pages to be read. */
  upload: { limit: 10, seconds: hour },
  /** Files to be read that come by the app's own pages, which bring each file by itself so that they can show how far it is. */
  app_upload: { limit: 300, seconds: hour },
  /** Mails to other people’s addresses. */
  invitation: { limit: 60, seconds: hour },
  /** All other calls by a key or token. */
  api: { limit: 1_000, seconds: hour },
  /** All other calls by the app's own pages, which ask often how far something is. */
  app: { limit: 20_000, seconds: hour },
  /** Calls that nothing answers: addresses that are guessed. */
  unmatched: { limit: 1_000, seconds: hour },
} as const satisfies Record<string, RateLimit>;

export type RouteClass = keyof typeof defaultLimits;
export type LimitTable = Record<RouteClass, RateLimit>;

const units: Record<string, number> = { second: 1, minute, hour, day: 24 * hour };

/**
 * The limits that `RATE_LIMITS` says: `off` for none, `on` for the defaults, or changes of those such as
 * `upload=200/hour, chat=120/minute`. Null for what is none of these.
 */
export function parseLimits(text: string): LimitTable | "off" | null {
  if (text === "off") return "off";
  const table: LimitTable = { ...defaultLimits };
  if (text === "on" || text === "") return table;
  for (const part of text.split(",")) {
    const [, name = "", limit, unit = ""] = /^\s*(\w+)\s*=\s*(\d{1,9})\s*\/\s*(\w+?)\s*$/.exec(part) ?? [];
    const seconds = units[unit];
    if (!Object.hasOwn(table, name) || seconds === undefined || Number(limit) < 1) return null;
    table[name as RouteClass] = { limit: Number(limit), seconds };
  }
  return table;
}

/** What a request is counted as, by the operation that it matched; null for what is not counted. `isApp`: it comes from the app's own pages. */
export function classOf(operation: OperationRules | undefined, isApp: boolean): RouteClass | null {
  if (!operation) return "unmatched";
  const { limit } = operation;
  if (limit === "none") return null;
  if (limit === "upload" && isApp) return "app_upload";
  return limit ?? (isApp ? "app" : "api");
}

/** What is counted by address, whoever says to be there: those who come to become somebody. */
export const countedByAddress: ReadonlySet<RouteClass> = new Set(["auth", "passkey", "visitor"]);

/**
 * Whom an address stands for: one of IPv4, or the /64 of IPv6 that one subscriber has whole. `isBehindCloudflare` tells whether
 * `CF-Connecting-IP` was set by Cloudflare: else anybody may write it, as they may any other forwarding header, and all are one.
 */
export function addressSubject(headers: Headers, isBehindCloudflare: boolean): string {
  const text = isBehindCloudflare ? (headers.get("CF-Connecting-IP") ?? "") : "";
  // Nothing to look at, which is what a server of one's own has with every request: the parser would throw and catch an error over it.
  if (text === "" || !ipaddr.isValid(text)) return "address:unknown";
  const address = ipaddr.process(text);
  if (address.kind() === "ipv4") return `address:${address.toString()}`;
  return `address:${ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/64`).toString()}/64`;
}
