import { findClone } from "../../clones/queries.ts";
import { isProblem } from "../../platform/errors.ts";
import { fetchPolicy } from "../../platform/fetch/guarded-fetch.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { type Context, jobContext } from "../../workspaces/context.ts";
import { readPage, storePage } from "./import-page.ts";
import { enqueuePages, pageMessage } from "./page-message.ts";
import { findWaitingPage, settlePage, takeStandingPages } from "./queries.ts";

/** How long a page may wait before the sweep puts it back on the queue, in ms: more than a website's own pace takes. */
const patienceMs = 45 * 60_000;

/** Whether a message of the queue is a page of an import. */
export const isWebPage = ({ body }: Message): boolean => pageMessage.safeParse(body).success;

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

/** Takes the pages that the messages name, one after another; what came of a page before is left as it is. */
export async function consumePages(runtime: Runtime, messages: Message[], isDead: boolean): Promise<void> {
  const ctx = jobContext(runtime, "web_import");
  for (const message of messages) {
    const { import_id: importId, url } = pageMessage.parse(message.body);
    try {
      const error = "This page could not be taken after several tries. Import it by its own address.";
      if (!isDead) await takePage(ctx, importId, url);
      else await settlePage(ctx.db, { importId, url }, { status: "failed", documentId: null, error }, ctx.clock.now());
      message.ack();
    } catch (error) {
      ctx.log.error("web_page_failed", error, { import_id: importId });
      message.retry({ delaySeconds: Math.min(60, 2 ** message.attempts) });
    }
  }
}

/** Puts pages back on the queue that were lost on the way. `atStart`: nothing else can be at work. */
export async function sweepPages(runtime: Runtime, { atStart }: { atStart: boolean }): Promise<void> {
  const ctx = jobContext(runtime, "web_import");
  const now = ctx.clock.now();
  const standing = await takeStandingPages(ctx.db, atStart ? now + 1 : now - patienceMs, now);
  if (standing.length > 0) await enqueuePages(ctx.env, standing, 0);
}
