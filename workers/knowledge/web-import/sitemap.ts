import { Parser } from "htmlparser2";
import { isProblem } from "../../platform/errors.ts";
import { type Fetched, type FetchPolicy, guardedFetch } from "../../platform/fetch/guarded-fetch.ts";
import { boundedBytes } from "../../platform/fetch/guarded-fetch-body.ts";

/** Media types of sitemaps; servers send packed ones as all kinds of things. */
export const sitemapTypes = [
  "application/xml",
  "text/xml",
  "text/plain",
  "application/gzip",
  "application/x-gzip",
  "application/octet-stream",
];

const maxSitemaps = 20;
/** What the protocol allows a sitemap is 50 MB; a sixth of it holds more addresses than are ever taken. */
const maxBytes = 8_000_000;
/** Of one website's addresses, so many are looked at. */
const maxAddresses = 50_000;

async function unpacked({ bytes }: Fetched): Promise<string> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return new TextDecoder().decode(bytes);
  const stream = new Response(bytes).body?.pipeThrough(new DecompressionStream("gzip"));
  return new TextDecoder().decode(await boundedBytes(new Response(stream), maxBytes));
}

/** The addresses that a sitemap names: those of pages, and those of further sitemaps. Plain text has an address a line. */
export function readSitemap(text: string): { pages: string[]; sitemaps: string[] } {
  const found = { pages: [] as string[], sitemaps: [] as string[] };
  if (!/^\s*(?:\ufeff)?</.test(text)) {
    found.pages.push(...text.split(/\s+/).filter((line) => /^https?:\/\//.test(line)));
    return found;
  }
  const path: string[] = [];
  let address = "";
  const parser = new Parser(
    {
      onopentag(name) {
        path.push(name.slice(name.indexOf(":") + 1));
        if (path.length === 3 && path[2] === "loc") address = "";
      },
      ontext(part) {
        if (path.length === 3 && path[2] === "loc") address += part;
      },
      onclosetag() {
        const [, entry, field] = path;
        if (path.length === 3 && field === "loc" && entry === "url") found.pages.push(address.trim());
        if (path.length === 3 && field === "loc" && entry === "sitemap") found.sitemaps.push(address.trim());
        path.pop();
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(text);
  return found;
}

/**
 * The addresses of all pages that sitemaps name, in their order and each once, following indexes of sitemaps. Those of other
 * websites are left out. A sitemap that cannot be read is skipped; null where none could be.
 */
export async function collectPages(policy: FetchPolicy, origin: string, starts: string[]): Promise<string[] | null> {
  const waiting = starts.slice(0, maxSitemaps);
  const seen = new Set<string>();
  const pages = new Set<string>();
  let read = 0;
  const deadline = Date.now() + 20_000;
  for (let next = waiting.shift(); next !== undefined && seen.size < maxSitemaps; next = waiting.shift()) {
    const url = URL.parse(next, origin);
    if (!url || url.origin !== origin || seen.has(url.href) || Date.now() > deadline) continue;
    seen.add(url.href);
    try {
      const limits = { accept: sitemapTypes, maxBytes, milliseconds: 10_000, origin };
      const fetched = await guardedFetch(policy, url.href, limits);
      if (fetched.status >= 300) continue;
      const { pages: named, sitemaps } = readSitemap(await unpacked(fetched));
      read++;
      waiting.push(...sitemaps);
      for (const each of named) {
        const page = URL.parse(each);
        if (page?.origin !== origin || pages.size >= maxAddresses) continue;
        page.hash = "";
        pages.add(page.href);
      }
    } catch (error) {
      // One that cannot be had takes nothing from the others; a damaged archive is a TypeError of the platform's.
      if (!isProblem(error) && !(error instanceof TypeError)) throw error;
    }
  }
  return read > 0 ? [...pages] : null;
}
