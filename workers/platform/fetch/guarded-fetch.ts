import { version } from "../../../package.json";
import type { Config } from "../config/config.ts";
import { isProblem, Problem } from "../errors.ts";
import { addressOfHost, hostOf, isNetworkName, isPublicAddress } from "./guarded-fetch-address.ts";
import { boundedBytes, firstBytes } from "./guarded-fetch-body.ts";
import { resolveName } from "./guarded-fetch-resolve.ts";

/** How the product names itself to websites, and the name that robots.txt knows it by. */
export const robotName = "UnderstudyBot";

export interface FetchLimits {
  /** Media types that are taken, without parameters, or "any"; others are refused before their body is read. */
  accept: readonly string[] | "any";
  maxBytes: number;
  /** Whether a longer body is cut there instead of refused. */
  cut?: boolean;
  /** For everything together: names, redirects, and the body. */
  milliseconds: number;
  /** The one website that redirects may lead to. */
  origin?: string;
}

/** What came of a fetch: `url` is the last of the redirects, `status` what it answered, also an error's. */
export interface Fetched {
  url: string;
  status: number;
  mediaType: string;
  headers: Headers;
  bytes: Uint8Array<ArrayBuffer>;
}

/** What a fetch may reach; made of the configuration by `fetchPolicy`. */
export interface FetchPolicy {
  schemes: readonly string[];
  ports: readonly string[];
  /** Whether ports above 1023 may be called too, where people's own services answer. */
  highPorts: boolean;
  /** Origins without any rule, for stand-ins on loopback; always empty in production. */
  exemptOrigins: readonly string[];
  /** Hosts that the operator has allowed, wherever they are, by any scheme and port. */
  allowedHosts: readonly string[];
  /** What is said of an address that leads into a private network. */
  inside: string;
  /** Names that lead back to this product. */
  ownHosts: readonly string[];
  resolver: string;
  /** Connects to public addresses only, whatever a name says a moment later; undefined where the platform has none. */
  publicWeb: Fetcher | undefined;
}

const maxRedirects = 5;
const redirects = new Set([301, 302, 303, 307, 308]);
/** A URL leaves out the usual port of its scheme. */
const usualPorts = ["", "80", "443"] as const;

/** The rules of this installation. `ownHosts` are names under which it is reached besides `APP_URL`. */
export function fetchPolicy(env: Env, config: Config, ownHosts: string[] = []): FetchPolicy {
  const own = config.APP_URL ? [new URL(config.APP_URL).hostname] : [];
  return {
    schemes: config.ENVIRONMENT === "production" ? ["https:"] : ["http:", "https:"],
    ports: usualPorts,
    highPorts: false,
    exemptOrigins: config.FETCH_EXEMPT_ORIGINS,
    allowedHosts: [],
    inside: "The address leads into a private network. Only public websites can be fetched.",
    ownHosts: [...own, ...ownHosts].map((host) => host.toLowerCase()),
    resolver: config.DNS_OVER_HTTPS_URL,
    publicWeb: (env as { PUBLIC_WEB?: Fetcher }).PUBLIC_WEB,
  };
}

const refused = (detail: string) =>
  new Problem("fetch_refused", detail, { errors: [{ path: "url", message: detail }] });

const isExempt = ({ exemptOrigins, allowedHosts }: FetchPolicy, url: URL) =>
  exemptOrigins.includes(url.origin) || allowedHosts.includes(hostOf(url));

function requirePort({ ports, highPorts }: FetchPolicy, { port }: URL): void {
  if (ports.includes(port) || (highPorts && Number(port) > 1_023)) return;
  throw refused(
    `Only the usual ports of websites, 80 and 443, ${highPorts ? "and those above 1023 can be called" : "can be fetched"}.`,
  );
}

/**
 * Decides whether a URL may be fetched, by its own words and by all addresses that its name has now. Throws `fetch_refused`, and
 * `fetch_failed` for a name that has no address.
 */
export async function checkUrl(policy: FetchPolicy, url: URL, signal: AbortSignal): Promise<void> {
  if (url.username || url.password) throw refused("The address holds a user name or password. Leave them out.");
  if (isExempt(policy, url)) return;
  if (!policy.schemes.includes(url.protocol)) {
    const allowed = policy.schemes.map((scheme) => `${scheme}//`).join(" or ");
    throw refused(`Only addresses that begin with ${allowed} can be fetched.`);
  }
  requirePort(policy, url);
  const host = hostOf(url);
  if (policy.ownHosts.includes(host)) throw refused("This is the app’s own address. Name another website.");
  const address = addressOfHost(url.hostname);
  if (address !== null) {
    if (!isPublicAddress(address)) throw refused(policy.inside);
    return;
  }
  if (isNetworkName(host)) throw refused(policy.inside);
  const addresses = await resolveName(policy.resolver, host, signal);
  if (!addresses.every(isPublicAddress)) throw refused(policy.inside);
}

function parseUrl(text: string, base?: string): URL {
  const url = URL.parse(text, base);
  if (!url) throw refused("This is not a web address. Give one such as https://example.com/handbook.");
  url.hash = "";
  return url;
}

/** Sends one request that `checkUrl` has let go. Redirects come back as they are. */
function connect(policy: FetchPolicy, url: URL, call: RequestInit): Promise<Response> {
  const init = { ...call, redirect: "manual" } as const;
  return policy.publicWeb && !isExempt(policy, url) ? policy.publicWeb.fetch(url.href, init) : fetch(url, init);
}

/** Sends one request where `checkUrl` lets it go. */
async function send(policy: FetchPolicy, url: URL, call: RequestInit & { signal: AbortSignal }): Promise<Response> {
  await checkUrl(policy, url, call.signal);
  return connect(policy, url, call);
}

async function follow(policy: FetchPolicy, start: URL, limits: FetchLimits, signal: AbortSignal): Promise<Fetched> {
  let url = start;
  // Nothing of the product's or of the person's.
  const accept = limits.accept === "any" ? "*/*" : limits.accept.join(", ");
  const headers = { Accept: accept, "User-Agent": `${robotName}/${version}` };
  for (let hop = 0; hop <= maxRedirects; hop++) {
    if (limits.origin !== undefined && url.origin !== limits.origin)
      throw refused("The address leads to another website. Import that one by its own address.");
    const response = await send(policy, url, { signal, headers });
    const location = response.headers.get("Location");
    if (redirects.has(response.status) && location !== null) {
      await response.body?.cancel();
      url = parseUrl(location, url.href);
      continue;
    }
    const mediaType = (response.headers.get("Content-Type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
    if (response.ok && limits.accept !== "any" && !limits.accept.includes(mediaType)) {
      await response.body?.cancel();
      throw new Problem(
        "fetch_failed",
        `${url.hostname} answered with ${mediaType ? `“${mediaType.slice(0, 80)}”` : "something of no stated type"}, which cannot be read from the web. Download it and upload the file instead.`,
      );
    }
    const bytes = await (limits.cut ? firstBytes : boundedBytes)(response, limits.maxBytes);
    return { url: url.href, status: response.status, mediaType, headers: response.headers, bytes };
  }
  throw new Problem(
    "fetch_failed",
    `${start.hostname} redirects more than ${maxRedirects} times. Give the last address.`,
  );
}

/**
 * GETs a URL that somebody else has named: every hop is checked, redirects are followed by hand, and neither cookies nor
 * credentials travel. Answers with an error status come back as they are. Throws `fetch_refused` for what may not be reached and
 * `fetch_failed` for what cannot be, each with a sentence for the person.
 */
export async function guardedFetch(policy: FetchPolicy, address: string, limits: FetchLimits): Promise<Fetched> {
  const url = parseUrl(address);
  const signal = AbortSignal.timeout(limits.milliseconds);
  try {
    return await follow(policy, url, limits, signal);
  } catch (cause) {
    if (isProblem(cause)) throw cause;
    const why = signal.aborted ? "did not answer in time" : "cannot be reached";
    throw new Problem("fetch_failed", `${url.hostname} ${why}. Check the address, or try again later.`, { cause });
  }
}

/** What a call to a service of somebody's own sends: no cookie of anybody's, and no header but these. */
export interface GuardedCall {
  method?: "GET" | "POST";
  headers?: Record<string, string>;
  body?: BodyInit | undefined;
  signal: AbortSignal;
}

/**
 * Calls a service that somebody else has named, by the same rules as `guardedFetch`. No redirect is followed, as what is sent is meant
 * for this address alone. Throws `fetch_refused` and `fetch_failed`, and what the network throws.
 */
export async function guardedCall(
  policy: FetchPolicy,
  address: string,
  call: GuardedCall,
  maxBytes: number,
): Promise<Response> {
  const response = await send(policy, parseUrl(address), call);
  const bytes = await boundedBytes(response, maxBytes);
  return new Response(bytes.length > 0 ? bytes : null, { status: response.status });
}

/** For how long a name is looked up before a call that may itself take long. */
const lookupMs = 5_000;

/**
 * Calls a service that somebody else has named and gives its answer back as it streams in: whoever reads it has to bound it. Otherwise as `guardedCall`; a redirect
 * comes back as it is.
 */
export async function guardedStream(policy: FetchPolicy, address: string, call: RequestInit): Promise<Response> {
  const url = parseUrl(address);
  const patience = AbortSignal.timeout(lookupMs);
  await checkUrl(policy, url, call.signal ? AbortSignal.any([call.signal, patience]) : patience);
  return connect(policy, url, call);
}
