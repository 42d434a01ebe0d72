import type { CloneRow } from "../../clones/queries.ts";
import { Problem } from "../../platform/errors.ts";
import { type Fetched, type FetchPolicy, guardedFetch } from "../../platform/fetch/guarded-fetch.ts";
import type { Context } from "../../workspaces/context.ts";
import { replaceFile } from "../library/replace-document.ts";
import { restart } from "../library/retry-document.ts";
import { checkFile, storeFiles, type Uploaded } from "../library/store-files.ts";
import { type DocumentRow, listSameBytes } from "../queries.ts";
import { fileOfPage, pageTypes } from "./page-file.ts";
import { findBySource } from "./queries.ts";
import { readRobots } from "./robots.ts";

/** What became of a page: a document that it is new or anew, or that holds it as it is. */
export interface ImportedPage {
  document: Uploaded;
  changed: boolean;
}

interface Import {
  createdBy: string;
  access: DocumentRow["access"];
}

const failed = (detail: string) => new Problem("fetch_failed", detail);

/** Throws `fetch_failed` for a page that a website keeps from robots. */
export async function obeyRobots(policy: FetchPolicy, url: string): Promise<void> {
  const { allows } = await readRobots(policy, new URL(url).origin);
  if (!allows(url))
    throw failed(
      `${new URL(url).hostname} asks robots not to read this page (robots.txt). Save the page and upload the file, if you may.`,
    );
}

/** Throws `fetch_failed` for an answer that is not a page. */
export function requirePage({ url, status }: Fetched): void {
  const { hostname } = new URL(url);
  if (status === 404 || status === 410) throw failed(`There is no page at this address of ${hostname} (${status}).`);
  if (status === 401 || status === 403)
    throw failed(`${hostname} shows this page only to people it knows (${status}). Save the page and upload the file.`);
  if (status < 200 || status >= 300) throw failed(`${hostname} could not give the page (${status}). Try again later.`);
}

/** Gets a page that robots may read, also where redirects lead to another website, within `origin` where that is given. */
export async function readPage(
  policy: FetchPolicy,
  url: string,
  limits: { accept?: string[]; maxBytes: number; origin?: string },
): Promise<Fetched> {
  // What cannot be an address is told as such, not as one that robots may not read.
  if (URL.canParse(url)) await obeyRobots(policy, url);
  const fetched = await guardedFetch(policy, url, { accept: pageTypes, milliseconds: 15_000, ...limits });
  if (new URL(fetched.url).origin !== new URL(url).origin) await obeyRobots(policy, fetched.url);
  requirePage(fetched);
  return fetched;
}

/** Makes a page that was fetched a document of the clone's, or gives the one that was made of its address before a new file. */
export async function storePage(ctx: Context, clone: CloneRow, fetched: Fetched, by: Import): Promise<ImportedPage> {
  const file = fileOfPage(fetched);
  const { sha256 } = await checkFile(file);
  const before = await findBySource(ctx.db, clone.id, fetched.url);
  const [same] = await listSameBytes(ctx.db, clone.id, [sha256]);
  if (same) return { document: same.status === "failed" ? await restart(ctx, same) : same, changed: false };
  if (before?.access === "me" && before.createdBy !== by.createdBy) {
    throw new Problem("conflict", "Another member has imported this page for themselves alone.");
  }
  if (before) {
    await replaceFile(ctx, before, file);
    return { document: { ...before, status: before.status === "indexed" ? "indexed" : "queued" }, changed: true };
  }
  try {
    const [document] = await storeFiles(ctx, clone, [file], { ...by, sourceUrl: fetched.url });
    if (!document) throw new Error("A page was stored as no document.");
    return { document, changed: true };
  } catch (error) {
    // Another import of the same address may have come first, which the database refuses to store twice.
    if (!(await findBySource(ctx.db, clone.id, fetched.url))) throw error;
    return storePage(ctx, clone, fetched, by);
  }
}
