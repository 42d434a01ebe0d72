import { createMiddleware } from "hono/factory";
import { Problem } from "./errors.ts";
import type { RuntimeEnv } from "./http.ts";
import { isSocketUpgrade, socketBearer } from "./socket-bearer.ts";

const safe = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Where a provider of SAML has the browser post its answer, from its own page and without our cookies (they are Lax). The route reads
 * no cookie, sets none and signs nobody in: it leads to a GET, which does so only for the cookie of the browser that began.
 */
const postedFromElsewhere = /^POST \/api\/v1\/auth\/sso\/[^/]+\/acs$/;

/**
 * Refuses state-changing calls that a foreign page could have caused: with credentials in a cookie the `Origin` must be ours,
 * and a foreign `Origin` is refused also where no cookie came along (signing someone in is a change too). Bearers are exempt:
 * no browser adds them by itself.
 */
export const sameOrigin = createMiddleware<RuntimeEnv>(async (c, next) => {
  const { headers } = c.req.raw;
  // A socket is opened by a GET, with cookies, from any page: it counts as a change.
  const isChange = !safe.has(c.req.method) || isSocketUpgrade(headers);
  const isForeignByDesign = postedFromElsewhere.test(`${c.req.method} ${c.req.path}`);
  if (isChange && !isForeignByDesign && !headers.has("Authorization") && socketBearer(headers) === null) {
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
