import { z } from "zod";
import { getClone } from "../../clones/get-clone.ts";
import { Problem } from "../../platform/errors.ts";
import { type Fetched, type FetchPolicy, fetchPolicy } from "../../platform/fetch/guarded-fetch.ts";
import { newId } from "../../platform/ids.ts";
import { audited } from "../../workspaces/audited.ts";
import type { Context, UserActor } from "../../workspaces/context.ts";
import { operation } from "../../workspaces/operation.ts";
import { tags, webImport, webImportInput } from "../contract.ts";
import { requireReadingFunds } from "../ingestion/require-reading-funds.ts";
import { readPage, storePage } from "./import-page.ts";
import { pageTypes } from "./page-file.ts";
import { enqueuePages } from "./page-message.ts";
import { countWaiting, insertImport, type WebImportRow, type WebPageRow } from "./queries.ts";
import { importNow } from "./read-import.ts";
import { readRobots } from "./robots.ts";
import { collectPages, sitemapTypes } from "./sitemap.ts";

/** Pages that one import takes at most. */
const maxPages = 200;

/** The pages of the website that `start` belongs to: those in its folder, which robots may read. */
async function pagesOf(policy: FetchPolicy, start: Fetched) {
  const { origin, pathname, hostname } = new URL(start.url);
  const robots = await readRobots(policy, origin);
  const isSitemap = !pageTypes.includes(start.mediaType) || /\.(?:xml|xml\.gz)$/.test(pathname);
  const named = robots.sitemaps.length > 0 ? robots.sitemaps : [`${origin}/sitemap.xml`];
  const all = await collectPages(policy, origin, isSitemap ? [start.url] : named);
  const folder = isSitemap ? "/" : pathname.slice(0, pathname.lastIndexOf("/") + 1);
  const found = all?.filter((url) => new URL(url).pathname.startsWith(folder)) ?? [];
  if (found.length === 0) {
    const why = all ? "the sitemap names none under this address" : "it has no sitemap that can be read";
    throw new Problem("fetch_failed", `The pages of ${hostname} are not known: ${why}. Import them one by one.`);
  }
  const allowed = found.filter((url) => robots.allows(url));
  if (allowed.length === 0)
    throw new Problem("fetch_failed", `${hostname} asks robots to read none of its pages (robots.txt).`);
  return { found: found.length, allowed, delaySeconds: robots.delaySeconds };
}

async function importSite(ctx: Context<UserActor>, row: WebImportRow, start: Fetched, policy: FetchPolicy) {
  if ((await countWaiting(ctx.db, row.cloneId)) > 0)
    throw new Problem("conflict", "Pages of another website are still being imported. Wait until they are there.");
  const { found, allowed, delaySeconds } = await pagesOf(policy, start);
  const pages = allowed.slice(0, maxPages).map((url) => waiting(row, url));
  const site = { ...row, found, disallowed: found - allowed.length };
  await insertImport(ctx.db, site, pages, await importAudit(ctx, row, pages.length));
  // From here on the pages are known: should the queue not take them, the sweep puts them there.
  await enqueuePages(ctx.env, pages, delaySeconds).catch((error) =>
    ctx.log.error("web_pages_not_enqueued", error, { import_id: row.id }),
  );
}

const importAudit = (ctx: Context<UserActor>, row: WebImportRow, pages: number) =>
  audited(ctx, {
    action: "website.imported",
    resource: { kind: "clone", id: row.cloneId },
    details: { import_id: row.id, url: row.url, pages },
  });

const waiting = ({ id, createdAt }: WebImportRow, url: string): WebPageRow => ({
  importId: id,
  url,
  status: "waiting",
  documentId: null,
  error: null,
  updatedAt: createdAt,
});

/**
 * `own_host` is the name under which this call came in. Throws `not_found`, `conflict`, `insufficient_credits`, and `fetch_refused` and `fetch_failed` with what to do
 * instead.
 */
export const startImport = operation({
  limit: "upload",
  summary: "Have a clone read a web page, or the pages of a website",
  description:
    "What robots.txt keeps from robots is not read. A page that was imported before gets its new text in the same document. `site` takes at most 200 pages, in the background: follow `/documents/imports/{id}`.",
  tags,
  action: "document.write",
  audit: ["website.imported", "document.uploaded"],
  input: webImportInput.extend({ own_host: z.string() }),
  output: webImport,
  async run(ctx, { body: { clone_id, url, mode, access, own_host } }) {
    const clone = await getClone(ctx, clone_id);
    await requireReadingFunds(ctx, clone.id, clone.workspaceId);
    const policy = fetchPolicy(ctx.env, ctx.config, [own_host]);
    const createdBy = ctx.actor.userId;
    const row: WebImportRow = {
      id: newId("webImport"),
      workspaceId: clone.workspaceId,
      cloneId: clone.id,
      createdBy,
      access,
      url,
      found: 1,
      disallowed: 0,
      createdAt: ctx.clock.now(),
    };
    const maxBytes = ctx.config.MAX_UPLOAD_BYTES;
    if (mode === "site") {
      const start = await readPage(policy, url, { maxBytes, accept: [...pageTypes, ...sitemapTypes] });
      await importSite(ctx, row, start, policy);
    } else {
      const page = await readPage(policy, url, { maxBytes });
      const { document, changed } = await storePage(ctx, clone, page, { createdBy, access });
      const status = changed ? "imported" : "unchanged";
      const pages = [{ ...waiting(row, page.url), status, documentId: document.id } as const];
      await insertImport(ctx.db, row, pages, await importAudit(ctx, row, 1));
    }
    return importNow(ctx, row.id);
  },
});
