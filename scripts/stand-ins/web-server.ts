/**
 * Websites on loopback, for tests: one that may be fetched, a canary that must never be, and a resolver that speaks DNS over HTTPS.
 *
 * The site: `/redirect?to=URL`, `/away/HOST/PATH` (redirects to `http://HOST/PATH`), `/hops?n=5` (redirects to itself so often), `/bytes?n=100&type=text/html`, `/bomb?n=…` (so many
 * zeros, packed), `/hang` (headers never come), `/drip` (a body that never ends), `/echo` (the request's headers), `/hits` (what
 * the canary was asked, as JSON). The sites of `sites.ts` have an origin each.
 * The resolver at `/dns-query` reads its answer from the name: `8-8-8-8.10-0-0-1.ip.example` has these two addresses,
 * `six-<32 hex digits>.ip.example` one of IPv6, `none.example` none, and `broken.example` fails. A name has the TXT records that were
 * posted to `/dns-texts?name=…` as a JSON array, in the place of those before.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { answerSite, type SiteName, sites } from "./sites.ts";

export interface WebStandIn {
  /** The site's origin. */
  url: string;
  /** The origin that nothing may reach. */
  canary: string;
  resolver: string;
  /** The origins of the small websites. */
  sites: Record<SiteName, string>;
  close(): Promise<void>;
}

function addressesOf(name: string, type: string | null): string[] | null {
  if (name === "none.example") return null;
  const labels = name.replace(/\.ip\.example$/, "").split(".");
  if (type === "AAAA") {
    return labels.flatMap(
      (label) =>
        label
          .match(/^six-([0-9a-f]{32})$/)?.[1]
          ?.match(/.{4}/g)
          ?.join(":") ?? [],
    );
  }
  return labels.filter((label) => /^\d+-\d+-\d+-\d+$/.test(label)).map((label) => label.replaceAll("-", "."));
}

const texts = new Map<string, string[]>();
const types: Record<string, number> = { A: 1, AAAA: 28, TXT: 16 };

/** A text as DNS has it: in quotes, in strings of at most 255 bytes; here shorter ones, so that their joints are met. */
const quoted = (text: string) =>
  (text.match(/.{1,20}/g) ?? []).map((part) => `"${part.replace(/["\\]/g, "\\$&")}"`).join(" ");

async function setTexts(url: URL, response: ServerResponse, request: IncomingMessage): Promise<void> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  texts.set(url.searchParams.get("name") ?? "", JSON.parse(body) as string[]);
  response.writeHead(204).end();
}

function resolve(url: URL, response: ServerResponse): void {
  const name = url.searchParams.get("name") ?? "";
  const type = url.searchParams.get("type") ?? "A";
  const addresses = type === "TXT" ? (texts.get(name)?.map(quoted) ?? []) : addressesOf(name, type);
  const Answer = (addresses ?? []).map((data) => ({ name, type: types[type], TTL: 0, data }));
  response.writeHead(name === "broken.example" ? 503 : 200, { "Content-Type": "application/dns-json" });
  response.end(JSON.stringify({ Status: addresses === null ? 3 : 0, Answer }));
}

const redirect = (response: ServerResponse, to: string) =>
  response.writeHead(302, { Location: to, "Set-Cookie": "seen=1" }).end();

type Handler = (url: URL, response: ServerResponse, request: IncomingMessage) => void;
const handlers: Record<string, Handler> = {
  "/dns-query": resolve,
  "/dns-texts": (url, response, request) => void setTexts(url, response, request),
  "/redirect": (url, response) => redirect(response, url.searchParams.get("to") ?? "/"),
  "/hops": (url, response) => redirect(response, countOf(url) > 1 ? `/hops?n=${countOf(url) - 1}` : "/bytes?n=5"),
  "/hang": () => {},
  "/drip": (_, response) => response.writeHead(200, { "Content-Type": "text/html" }).write("<p>"),
  "/echo": (_, response, request) =>
    response.writeHead(200, { "Content-Type": "text/plain" }).end(JSON.stringify(request.headers)),
  "/say": (url, response) =>
    response
      .writeHead(Number(url.searchParams.get("status") ?? 200), { "Content-Type": "application/json" })
      .end(url.searchParams.get("text") ?? ""),
  "/bytes": (url, response) =>
    response
      .writeHead(200, { "Content-Type": url.searchParams.get("type") ?? "text/html; charset=utf-8" })
      .end("a".repeat(countOf(url))),
  "/bomb": (url, response) =>
    response
      .writeHead(200, { "Content-Type": "text/html", "Content-Encoding": "gzip" })
      .end(gzipSync(Buffer.alloc(countOf(url)))),
};

const countOf = (url: URL) => Number(url.searchParams.get("n") ?? 0);

async function listen(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const closed = (server: Server) =>
  new Promise<void>((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });

/** Starts the stand-ins on free ports of all addresses of this machine. */
export async function startWebStandIn(): Promise<WebStandIn> {
  const hits: string[] = [];
  const canary = createServer((request, response) => {
    hits.push(`${request.headers.host}${request.url}`);
    response.writeHead(200, { "Content-Type": "text/html" }).end("<p>The canary was reached.</p>");
  });
  let origin = "";
  const site = createServer((request, response) => {
    const url = new URL(request.url ?? "/", origin);
    if (url.pathname === "/hits") response.end(JSON.stringify(hits));
    else if (url.pathname.startsWith("/away/")) redirect(response, url.pathname.replace("/away/", "http://"));
    else if (handlers[url.pathname]) handlers[url.pathname]?.(url, response, request);
    else response.writeHead(404).end();
  });
  origin = await listen(site);
  const servers: Server[] = [];
  const started = Object.keys(sites).map(async (name) => {
    let own = "";
    const server = createServer((request, response) => answerSite(name as SiteName, own, request.url ?? "/", response));
    servers.push(server);
    own = await listen(server);
    return [name, own];
  });
  return {
    sites: Object.fromEntries(await Promise.all(started)) as Record<SiteName, string>,
    url: origin,
    canary: await listen(canary),
    resolver: `${origin}/dns-query`,
    close: async () => {
      await Promise.all([site, canary, ...servers].map(closed));
    },
  };
}
