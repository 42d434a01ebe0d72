import type { Config } from "../config/config.ts";

/** For everything that is no page of the app: nothing in it may load, run, be framed or be posted to. */
const inertPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Headers of every answer, unless what made it has set its own. */
const always = {
  "Content-Security-Policy": inertPolicy,
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "strict-origin-when-cross-origin",
  "Permissions-Policy":
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-create=(self), publickey-credentials-get=(self), usb=()",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
} as const;

/** Two years, as the preload list asks for. */
const hsts = "max-age=63072000; includeSubDomains";

/** The answer with what keeps a browser from doing harm with it. Upgrades to a socket pass as they are. */
export function withSecurityHeaders(response: Response, { ENVIRONMENT }: Pick<Config, "ENVIRONMENT">): Response {
  if (response.status === 101) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(always)) if (!headers.has(name)) headers.set(name, value);
  if (ENVIRONMENT === "production") headers.set("Strict-Transport-Security", hsts);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

/** The name of a cookie of this product. In production the browser itself holds it to https, to this host and to the whole of it. */
export function cookieName({ ENVIRONMENT }: Pick<Config, "ENVIRONMENT">, name: string): string {
  return ENVIRONMENT === "production" ? `__Host-${name}` : name;
}
