import type { Config } from "../config/config.ts";
import { Problem } from "../errors.ts";
import type { OperationRules } from "./operation-rules.ts";
import { isSocketUpgrade } from "./socket-bearer.ts";

const safe = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Whether a foreign page could have caused this call to change something: with any cookie the `Origin` must be ours, and a foreign `Origin`
 * counts also where no cookie came along (signing someone in is a change too). Only a bearer that is valid shows otherwise, as no
 * browser adds one by itself: that is for the caller to find out.
 */
export function mayBeForged(
  request: Request,
  { APP_URL }: Pick<Config, "APP_URL">,
  operation: OperationRules | undefined,
): boolean {
  const { headers, method, url } = request;
  // A socket is opened by a GET, with cookies, from any page: it counts as a change.
  const isChange = !safe.has(method) || isSocketUpgrade(headers);
  if (!isChange || operation?.postedFromElsewhere) return false;
  const origin = headers.get("Origin");
  if (origin === null) return headers.has("Cookie");
  return origin !== new URL(url).origin && (!APP_URL || origin !== new URL(APP_URL).origin);
}

export const forged = () =>
  new Problem(
    "forbidden",
    "This call must come from the app’s own pages, or carry a valid access token instead of a cookie.",
  );
