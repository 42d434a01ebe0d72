import { findClone } from "../../clones/queries.ts";
import { isProblem } from "../../platform/errors.ts";
import { fetchPolicy } from "../../platform/fetch/guarded-fetch.ts";
import { type Delivery, takeEach } from "../../platform/rooms/queue.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { type Context, jobContext } from "../../workspaces/context.ts";
import { readPage, storePage } from "./import-page.ts";
import { enqueuePages, type PageMessage } from "./page-message.ts";
import { findWaitingPage, settlePage, takeStandingPages } from "./queries.ts";

/** How long a page may wait before the sweep puts it back on the queue, in ms: more than a website's own pace takes. */
const patienceMs = 45 * 60_000;

async function takePage(ctx: Context, importId: string, url: string): Promise<void> {
  const row = await findWaitingPage(ctx.db, importId, url);
  const clone = row && (await findClone(ctx.db, row.workspaceId, row.cloneId));
  if (!clone) return;
  const settle = (outcome: Parameters<typeof settlePage>[2]) =>
    settlePage(ctx.db, { importId, url }, outcome, ctx.clock.now());
  try {
    const { origin } = new URL(url);
    const policy = fetchPolicy(ctx.env, ctx.config);
    const page = await readPage(policy, url, { maxBytes: ctx.config.MAX_UPLOAD_BYTES, origin });
    const { document, changed } = await storePage(ctx, clone, page, row);
    await settle({ status: changed ? "imported" : "unchanged", documentId: document.id, error: null });
  } catch (error) {
    if (!isProblem(error) || error.code === "internal") throw error;
    await settle({ status: "failed", documentId: null, error: error.message });
  }
}

/** Takes the pages that messages name, one after another; what came of a page before is left as it is. A dead letter ends its page. */
export async function consumePages(
  runtime: Runtime,
  deliveries: Delivery<PageMessage>[],
  isDead: boolean,
): Promise<void> {
  const ctx = jobContext(runtime, "web_import");
  const told = { event: "web_page_failed", about: ({ import_id }: PageMessage) => ({ import_id }) };
  await takeEach(ctx, deliveries, told, async ({ import_id: importId, url }) => {
    const error = "This page could not be taken after several tries. Import it by its own address.";
    if (!isDead) await takePage(ctx, importId, url);
    else await settlePage(ctx.db, { importId, url }, { status: "failed", documentId: null, error }, ctx.clock.now());
  });
}

/** Puts pages back on the queue that were lost on the way. `atStart`: nothing else can be at work. */
export async function sweepPages(runtime: Runtime, { atStart }: { atStart: boolean }): Promise<void> {
  const ctx = jobContext(runtime, "web_import");
  const now = ctx.clock.now();
  const standing = await takeStandingPages(ctx.db, atStart ? now + 1 : now - patienceMs, now);
  if (standing.length > 0) await enqueuePages(ctx.env, standing, 0);
}
