import { createMiddleware } from "hono/factory";
import { Problem } from "./errors.ts";
import type { RuntimeEnv } from "./http.ts";
import { isSocketUpgrade, socketBearer } from "./socket-bearer.ts";

const safe = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses state-changing calls that a foreign page could have caused: with credentials in a cookie the `Origin` must be ours,
 * and a foreign `Origin` is refused also where no cookie came along (signing someone in is a change too). Bearers are exempt:
 * no browser adds them by itself.
 */
export const sameOrigin = createMiddleware<RuntimeEnv>(async (c, next) => {
  const { headers } = c.req.raw;
  // A socket is opened by a GET, with cookies, from any page: it counts as a change.
  const isChange = !safe.has(c.req.method) || isSocketUpgrade(headers);
  if (isChange && !headers.has("Authorization") && socketBearer(headers) === null) {
    const origin = c.req.header("Origin");
    const { APP_URL } = c.var.runtime.config;
    const own = [new URL(c.req.url).origin, ...(APP_URL ? [new URL(APP_URL).origin] : [])];
    const foreign = origin !== undefined && !own.includes(origin);
    if (foreign || (origin === undefined && c.req.header("Cookie"))) {
      throw new Problem(
        "forbidden",
        "This call must come from the app’s own pages, or carry an access token instead of a cookie.",
      );
    }
  }
  await next();
});
