import type { Config } from "../config/config.ts";
import { Problem } from "../errors.ts";

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Probes call these by an address in numbers; they tell nobody anything. */
const probes = new Set(["/health", "/ready"]);

/** Whether an installation answers under a host name, whatever the port. */
function isOwn(hostname: string, { ENVIRONMENT, APP_URL, ALLOWED_HOSTS }: Config): boolean {
  if (ENVIRONMENT !== "production" && loopback.has(hostname)) return true;
  // Without an address of its own, production stands behind routes of Cloudflare’s, which go by the host.
  if (ENVIRONMENT === "production" && !APP_URL && ALLOWED_HOSTS.length === 0) return true;
  return (APP_URL !== undefined && new URL(APP_URL).hostname === hostname) || ALLOWED_HOSTS.includes(hostname);
}

/**
 * Refuses a request for a host that is not this installation's. A page of another site can have its own name lead here (DNS rebinding), and
 * then reads what its browser takes for that site's own: only the name tells.
 */
export function requireOwnHost(request: Request, config: Config): void {
  const { host, hostname, pathname } = new URL(request.url);
  if (probes.has(pathname)) return;
  // The local runtime lets a header of its own change the address that it shows; the name that was called stays in `Host`.
  const called = request.headers.get("Host");
  const isCalledOwn = called === null || isOwn(URL.parse(`http://${called}`)?.hostname ?? "", config);
  if (isCalledOwn && isOwn(hostname, config)) return;
  throw new Problem(
    "misdirected",
    `Nothing answers here for “${isCalledOwn ? host : called}”. If this is an address of yours, set APP_URL to it, or name its host in ALLOWED_HOSTS.`,
  );
}
