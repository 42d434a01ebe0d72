import { connect } from "../../db/client.ts";
import { isProblem } from "../../platform/errors.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { ReaderDied } from "../../reading/ask-reader.ts";
import type { Context } from "../../workspaces/context.ts";
import { deliveredOf, enqueue, ingestMessage, jobOf } from "./ingest-message.ts";
import { type Delivered, failRun, processDocument } from "./process-document.ts";
import { refreshStaleDocuments } from "./refresh.ts";
import { dropLeases, findAnyRun, listStandingRuns, listSteps, touchDocuments } from "./run-queries.ts";

/** How long an unfinished document may go untouched before the sweep puts it back, in ms. */
const patienceMs = 90_000;
/** Files of this size and more are read one by one: several at once would not fit an isolate. */
const largeFileBytes = 4_000_000;

function jobContext(runtime: Runtime, job: string): Context {
  const defer = (work: Promise<unknown>) =>
    void work.catch((error) => runtime.log.error("deferred_work_failed", error));
  return { ...runtime, db: connect(runtime.env.DB), actor: { kind: "job", job }, requestId: job, defer };
}

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

type Delivery = { message: Message; job: Delivered; bytes: number };

async function consume(ctx: Context, { message, job }: Delivery, isDead: boolean): Promise<void> {
  try {
    if (isDead) {
      await giveUp(ctx, job);
      return message.ack();
    }
    const result = await processDocument(ctx, job);
    if (result.status === "done") return message.ack();
    // Another reader is there at once.
    if (result.error instanceof ReaderDied) return message.retry();
    const asked = isProblem(result.error) ? result.error.retryAfterSeconds : undefined;
    message.retry({ delaySeconds: Math.min(600, asked ?? 2 ** message.attempts) });
  } catch (error) {
    ctx.log.error("queue_message_failed", error, { document_id: job.documentId });
    message.retry({ delaySeconds: 5 });
  }
}

/** Consumes messages of the ingestion queue, or its dead letters, one by one: one that fails does not take others along. */
export async function consumeIngestion(runtime: Runtime, messages: readonly Message[], isDead: boolean): Promise<void> {
  const ctx = jobContext(runtime, "ingestion");
  const deliveries: Delivery[] = [];
  for (const message of messages) {
    const parsed = ingestMessage.safeParse(message.body);
    if (parsed.success) deliveries.push({ message, ...jobOf(parsed.data) });
    else {
      ctx.log.error("queue_message_not_understood", parsed.error);
      message.ack();
    }
  }
  const [large, small] = [
    deliveries.filter(({ bytes }) => bytes >= largeFileBytes),
    deliveries.filter(({ bytes }) => bytes < largeFileBytes),
  ];
  const oneByOne = async () => {
    for (const delivery of large) await consume(ctx, delivery, isDead);
  };
  await Promise.all([...small.map((delivery) => consume(ctx, delivery, isDead)), oneByOne()]);
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
  const standing = await listStandingRuns(ctx.db, atStart ? now + 1 : now - patienceMs);
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
