import type { Config } from "../config/config.ts";

/**
 * The address under which people reach this installation, without a slash at its end: for links in mails and for other services.
 * Never taken from a request, whose `Host` anybody can forge.
 */
export function publicUrl({ APP_URL }: Config): string {
  return (APP_URL ?? "http://localhost:8787").replace(/\/+$/, "");
}
