import type { Runtime } from "../platform/runtime.ts";

/** Where a request came from. */
export interface Origin {
  /** What Cloudflare says; null elsewhere, where anybody may write the header. */
  address: string | null;
  agent: string | null;
}

/** Where a request came from, as an audit log keeps it. */
export function originOf({ config }: Runtime, headers: Headers): Origin {
  return {
    address: config.ENVIRONMENT === "production" ? headers.get("CF-Connecting-IP") : null,
    agent: headers.get("User-Agent"),
  };
}
