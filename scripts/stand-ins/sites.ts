import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";

const html = { "Content-Type": "text/html; charset=utf-8" };
const xml = { "Content-Type": "application/xml" };

const page = (title: string, text: string) =>
  `<!doctype html><html lang="en"><head><title>${title}</title></head><body><main><h1>${title}</h1><p>${text}</p></main></body></html>`;

const urlset = (urls: string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${urls
    .map((url) => `<url><loc>${url}</loc><lastmod>2026-01-01</lastmod></url>`)
    .join("")}</urlset>`;

/** What a site answers at a path: its head, its body, and its status where that is not 200. */
type Answer = [head: Record<string, string>, body: string | Buffer, status?: number];
type Site = (path: string, origin: string) => Answer | undefined;

/** How often the handbook's front page was asked for: it says something new each time. */
let editions = 0;

/** A well-made site: robots.txt, an index of sitemaps of which one is packed, redirects, and pages that robots may not read. */
const handbook: Site = (path, origin) => {
  const at = (...paths: string[]) => paths.map((each) => origin + each);
  const answers: Record<string, () => Answer> = {
    "/robots.txt": () => [
      { "Content-Type": "text/plain" },
      `User-agent: *\nDisallow: /docs/secret\n\nUser-agent: UnderstudyBot\nDisallow: /docs/secret\nDisallow: /private/\n\nSitemap: ${origin}/sitemap-index.xml\nSitemap: https://elsewhere.example/sitemap.xml\n`,
    ],
    "/sitemap-index.xml": () => [
      xml,
      `<sitemapindex><sitemap><loc>${origin}/docs.xml.gz</loc></sitemap><sitemap><loc>${origin}/rest.xml</loc></sitemap><sitemap><loc>${origin}/sitemap-index.xml</loc></sitemap><sitemap><loc>http://169.254.169.254/latest.xml</loc></sitemap></sitemapindex>`,
    ],
    "/docs.xml.gz": () => [
      { "Content-Type": "application/gzip" },
      gzipSync(urlset(at("/docs/pump", "/docs/valve?part=1&amp;kind=2", "/docs/secret", "/docs/gone", "/docs/away"))),
    ],
    "/rest.xml": () => [xml, urlset([...at("/blog/news", "/docs/pump"), "https://elsewhere.example/docs/x"])],
    "/docs/": () => [html, page("The handbook", "Start here.")],
    "/docs/pump": () => [html, page("Pump / manual", "The warranty of the pump lasts 24 months.")],
    "/docs/valve?part=1&kind=2": () => [html, page("Valve", "The valve opens at 3 bar.")],
    "/docs/secret": () => [html, page("Secret", "Robots must not read this.")],
    "/docs/away": () => [{ Location: "http://127.0.0.1:1/elsewhere" }, "", 302],
    "/moved": () => [{ Location: "/docs/pump" }, "", 301],
    "/edition": () => [html, page("Edition", `This is edition ${++editions}.`)],
    "/latin": () => [{ "Content-Type": "text/html; charset=iso-8859-1" }, Buffer.from("<p>Stra\xdfe", "latin1")],
    "/picture": () => [{ "Content-Type": "image/png" }, "not really"],
    "/members": () => [html, "Sign in", 401],
    "/blog/news": () => [html, page("News", "Nothing new.")],
  };
  return answers[path]?.();
};

/** A site whose robots.txt cannot be had: nothing of it may be read. */
const ailing: Site = (path) => (path === "/robots.txt" ? [{}, "", 503] : [html, page("Ailing", "Unread.")]);

/** A site whose robots.txt is longer than what is read of one, 512 KiB, which end behind the first sign of a path. */
const wordy: Site = (path) => {
  if (path !== "/robots.txt") return [html, page("Wordy", `The text of ${path}.`)];
  const rules = "User-agent: *\nDisallow: /private/\n";
  const cutOff = "Disallow: /";
  const comment = `#${"x".repeat(78)}\n`;
  const room = 512 * 1024 - rules.length - cutOff.length;
  const filler = comment.repeat(Math.floor(room / comment.length));
  const rest = room - filler.length;
  const last = rest === 0 ? "" : `${"#".repeat(rest - 1)}\n`;
  return [{ "Content-Type": "text/plain" }, `${rules}${filler}${last}${cutOff}elsewhere/\n${comment.repeat(10_000)}`];
};

/** A site of many pages, without robots.txt. */
const large: Site = (path, origin) => {
  if (path === "/sitemap.xml") return [xml, urlset(Array.from({ length: 450 }, (_, i) => `${origin}/page/${i}`))];
  return path === "/robots.txt" ? undefined : [html, page(`Page ${path}`, `The text of ${path}.`)];
};

/** A site without robots.txt and sitemap. */
const bare: Site = (path) => (path === "/" ? [html, page("Bare", "One page.")] : undefined);

const json = { "Content-Type": "application/json" };

/** What a stranger may put where a provider of OpenID Connect describes itself: another's name, and addresses that lead inside. */
const impostor: Site = (path, origin) => {
  const wellKnown = "/.well-known/openid-configuration";
  const own = {
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    jwks_uri: `${origin}/keys`,
  };
  const as = (name: string, over: object = {}): [string, Answer] => [
    `/${name}${wellKnown}`,
    [json, JSON.stringify({ issuer: `${origin}/${name}`, ...own, ...over })],
  ];
  const tokens = JSON.stringify({ access_token: "x", id_token: "x.y.z", token_type: "Bearer" });
  const answers = new Map<string, Answer>([
    as("other", { issuer: "https://id.example" }),
    as("token-inside", { token_endpoint: "http://169.254.169.254/latest/meta-data" }),
    as("token-loopback", { token_endpoint: "http://127.0.0.1:22/token" }),
    as("token-redirect", { token_endpoint: `${origin}/away` }),
    as("keys-inside", { jwks_uri: "http://[::ffff:169.254.169.254]/keys" }),
    as("script", { authorization_endpoint: "javascript:alert(1)" }),
    as("large", { more: "x".repeat(1_100_000) }),
    [`/redirect${wellKnown}`, [{ Location: "http://169.254.169.254/" }, "", 302]],
    ["/away", [{ Location: "http://169.254.169.254/" }, "", 307]],
    ["/token", [json, tokens]],
    ["/keys", [json, JSON.stringify({ keys: [] })]],
  ]);
  return answers.get(path);
};

export const sites = { impostor, handbook, ailing, wordy, large, bare };
export type SiteName = keyof typeof sites;

/** Answers for one of the sites at its `origin`. */
export function answerSite(name: SiteName, origin: string, path: string, response: ServerResponse): void {
  const [head, body, status = 200] = sites[name](path, origin) ?? [html, "<h1>Not found</h1>", 404];
  response.writeHead(status, head).end(body);
}
