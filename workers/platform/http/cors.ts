import type { Config } from "../config/config.ts";
import { Problem } from "../errors.ts";

/** What a page of another site may read of an answer's headers. */
const exposed = [
  ...["Content-Disposition", "Location", "RateLimit", "RateLimit-Policy", "Retry-After"],
  ...["X-Request-Id", "X-Turn-Id"],
].join(", ");
const methods = "GET, HEAD, POST, PUT, PATCH, DELETE";
/** For how long a browser may remember that it may ask, in seconds: as long as Chromium does at most. */
const rememberedSeconds = "7200";

/**
 * The origin of a request from a page of another site that may call the API, as it is named in CORS_ORIGINS; null for all others. Such a page sends a bearer of its
 * own: it is never let have the cookies of whoever looks at it.
 */
export function allowedOrigin(headers: Headers, { CORS_ORIGINS }: Pick<Config, "CORS_ORIGINS">): string | null {
  const origin = headers.get("Origin");
  return origin !== null && CORS_ORIGINS.includes(origin) ? origin : null;
}

const isPreflight = ({ method, headers }: Request) =>
  method === "OPTIONS" && headers.has("Origin") && headers.has("Access-Control-Request-Method");

/** The answer to a browser that asks whether a page may call: null where the request is none of that kind. Throws `forbidden` for other sites' pages. */
export function preflightAnswer(request: Request, config: Pick<Config, "CORS_ORIGINS">): Response | null {
  if (!isPreflight(request)) return null;
  const { headers } = request;
  if (allowedOrigin(headers, config) === null) {
    throw new Problem(
      "forbidden",
      `Pages of ${headers.get("Origin")} may not call this API. Whoever runs it can name that origin in CORS_ORIGINS.`,
    );
  }
  const asked = headers.get("Access-Control-Request-Headers");
  return new Response(null, {
    status: 204,
    headers: {
      "Access-Control-Allow-Methods": methods,
      "Access-Control-Allow-Headers": asked ?? "Authorization, Content-Type",
      "Access-Control-Max-Age": rememberedSeconds,
    },
  });
}

/** The headers by which a browser lets an allowed page read an answer; errors carry them too. */
export function corsHeaders(headers: Headers, config: Pick<Config, "CORS_ORIGINS">): [name: string, value: string][] {
  const origin = allowedOrigin(headers, config);
  if (origin === null) return [];
  return [
    ["Access-Control-Allow-Origin", origin],
    ["Access-Control-Expose-Headers", exposed],
  ];
}
