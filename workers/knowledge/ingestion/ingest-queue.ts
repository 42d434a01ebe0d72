import { inBackground } from "../../platform/background.ts";
import { isProblem } from "../../platform/errors.ts";
import type { Delivery } from "../../platform/rooms/queue.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { ReaderDied } from "../../reading/ask-reader.ts";
import { type Context, jobContext } from "../../workspaces/context.ts";
import { deliveredOf, enqueue, enqueueAgain, type IngestMessage, jobOf } from "./ingest-message.ts";
import { type Delivered, failRun, type Processed, processDocument } from "./process-document.ts";
import { refreshStaleDocuments } from "./refresh.ts";
import { dropLeases, findAnyRun, listStandingRuns, listSteps, touchDocuments } from "./run-queries.ts";

/** How long an unfinished document may go untouched before the sweep puts it back, in ms. */
const stalledAfterMs = 90_000;
/**
 * How long a batch waits for its documents, in ms. The next batch may only come when it has ended: what takes longer goes on by itself, under
 * its lease, so that a few files that take their time keep nobody else's waiting.
 */
const batchPatienceMs = 3_000;
/** Deliveries of one run, as many as the queue's own retries make. */
const mostTries = 5;

/** Marks a document as failed whose deliveries have all failed. */
async function giveUp(ctx: Context, job: Delivered): Promise<void> {
  const [run, steps] = await Promise.all([findAnyRun(ctx.db, job.runId), listSteps(ctx.db, job.runId)]);
  const waiting = steps.find(({ status }) => status !== "succeeded");
  const message =
    waiting?.step === "embedding"
      ? "The embedding model did not answer after several tries, so this document could not be made searchable. Look at the model’s settings, then try the document again."
      : "This document could not be processed after several tries. Try again; if it fails once more, upload it in another format.";
  await failRun(ctx, { ...job, version: run?.version ?? null }, { code: "processing_failed", message });
}

/** What ended as often while it was being worked on is not taken up by itself again: it may be what ends the server. */
const mostDeathsAtStart = 2;
const stoppedTheServer = {
  code: "too_costly",
  message:
    "The server stopped twice while it worked on this document. Try it again; if it fails once more, split it into smaller files or save it anew in another format.",
};

/** How long to wait before a run that did not succeed is tried again, in seconds. */
function pauseAfter(error: unknown, tries: number): number {
  // Another reader is there at once.
  if (error instanceof ReaderDied) return 0;
  return Math.min(600, (isProblem(error) ? error.retryAfterSeconds : undefined) ?? 2 ** tries);
}

/** Ends a delivery whose message has been acknowledged: what did not succeed is put back, or given up. */
async function goOn(ctx: Context, body: IngestMessage, processing: Promise<Processed>): Promise<void> {
  const result = await processing.catch((error: unknown): Processed => ({ status: "later", error }));
  if (result.status === "done") return;
  if (body.tries >= mostTries) await giveUp(ctx, jobOf(body));
  else await enqueueAgain(ctx.env, body, pauseAfter(result.error, body.tries));
}

async function consume(ctx: Context, { message, body }: Delivery<IngestMessage>, patienceMs: number): Promise<void> {
  const processing = processDocument(ctx, jobOf(body));
  const ended = new AbortController();
  const waiting = scheduler.wait(patienceMs, { signal: ended.signal });
  const result = await Promise.race([processing, waiting]).finally(() => ended.abort());
  if (!result) {
    message.ack();
    inBackground(ctx, goOn(ctx, body, processing));
  } else if (result.status === "done") message.ack();
  else message.retry({ delaySeconds: pauseAfter(result.error, message.attempts) });
}

async function bury(ctx: Context, { message, body }: Delivery<IngestMessage>): Promise<void> {
  await giveUp(ctx, jobOf(body));
  message.ack();
}

/** Takes the runs of documents that messages name, each by itself: one that fails does not take others along. A dead letter ends its run. */
export async function consumeIngestion(
  runtime: Runtime,
  deliveries: Delivery<IngestMessage>[],
  isDead: boolean,
  patienceMs = batchPatienceMs,
): Promise<void> {
  const ctx = jobContext(runtime, "ingestion");
  const deliver = (each: Delivery<IngestMessage>) =>
    (isDead ? bury(ctx, each) : consume(ctx, each, patienceMs)).catch((error: unknown) => {
      ctx.log.error("queue_message_failed", error, { document_id: each.body.document_id });
      each.message.retry({ delaySeconds: 5 });
    });
  await Promise.all(deliveries.map(deliver));
}

/**
 * Puts documents back on the queue whose processing was cut off, and those that are to be read in another way. `atStart`
 * takes all that are unfinished, whatever leases say: only for a start at which nothing else can be at work, as local queues
 * live in memory.
 */
export async function sweepStalledDocuments(runtime: Runtime, { atStart }: { atStart: boolean }): Promise<void> {
  const ctx = jobContext(runtime, "sweep");
  const now = ctx.clock.now();
  if (atStart) await dropLeases(ctx.db);
  const standing = await listStandingRuns(ctx.db, atStart ? now + 1 : now - stalledAfterMs);
  for (const { document, runId, version, leaseUntil, deaths } of standing) {
    if (atStart && deaths >= mostDeathsAtStart) {
      await failRun(ctx, { ...deliveredOf(document, runId), version }, stoppedTheServer);
      continue;
    }
    const delayMs = atStart ? 0 : Math.max(0, (leaseUntil ?? 0) - now);
    await enqueue(ctx.env, document, runId, Math.ceil(delayMs / 1_000));
  }
  if (standing.length > 0) {
    await touchDocuments(
      ctx.db,
      standing.map(({ document }) => document.id),
      now,
    );
    ctx.log.info("documents_put_back", { count: standing.length });
  }
  await refreshStaleDocuments(ctx);
}
