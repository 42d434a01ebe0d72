import { z } from "zod";
import { connect } from "../db/client.ts";
import { isProblem } from "../platform/errors.ts";
import type { Runtime } from "../platform/runtime.ts";
import type { Context } from "../workspaces/context.ts";
import { type Job, processDocument } from "./process-document.ts";
import { dropLeases, failDocument, listStandingRuns, touchDocuments } from "./queries.ts";

const message = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("document"), document_id: z.string(), run_id: z.string() }),
]);

/** How long an unfinished document may go untouched before the sweep puts it back, in ms. */
const patienceMs = 90_000;

function jobContext(runtime: Runtime, job: string): Context {
  const defer = (work: Promise<unknown>) =>
    void work.catch((error) => runtime.log.error("deferred_work_failed", error));
  return { ...runtime, db: connect(runtime.env.DB), actor: { kind: "job", job }, requestId: job, defer };
}

/** Puts a document's run on the queue: keys only, never bodies. */
export async function enqueue(env: Env, { documentId, runId }: Job, delaySeconds = 0): Promise<void> {
  const body: z.input<typeof message> = { kind: "document", document_id: documentId, run_id: runId };
  await env.INGEST_QUEUE.send(body, { delaySeconds });
}

async function giveUp(ctx: Context, job: Job): Promise<void> {
  const failure = {
    code: "processing_failed",
    message:
      "This document could not be processed after several tries. Try again; if it fails once more, upload it in another format.",
  };
  await failDocument(ctx.db, job, failure, ctx.clock.now());
}

async function consume(ctx: Context, delivery: Message, isDead: boolean): Promise<void> {
  const parsed = message.safeParse(delivery.body);
  if (!parsed.success) {
    ctx.log.error("queue_message_not_understood", parsed.error);
    return delivery.ack();
  }
  const job: Job = { documentId: parsed.data.document_id, runId: parsed.data.run_id };
  if (isDead) {
    await giveUp(ctx, job);
    return delivery.ack();
  }
  const result = await processDocument(ctx, job);
  if (result.status === "done") return delivery.ack();
  const asked = isProblem(result.error) ? result.error.retryAfterSeconds : undefined;
  delivery.retry({ delaySeconds: Math.min(600, asked ?? 2 ** delivery.attempts) });
}

/** Consumes the ingestion queue and its dead letters, message by message: one that fails does not take others along. */
export async function consumeIngestion(runtime: Runtime, batch: MessageBatch): Promise<void> {
  const ctx = jobContext(runtime, "ingestion");
  const isDead = batch.queue.endsWith("-dead");
  await Promise.all(
    batch.messages.map((delivery) =>
      consume(ctx, delivery, isDead).catch((error) => {
        ctx.log.error("queue_message_failed", error, { queue: batch.queue });
        delivery.retry({ delaySeconds: 5 });
      }),
    ),
  );
}

/**
 * Puts documents back on the queue whose processing was cut off. `atStart` takes all that are unfinished, whatever leases say:
 * only for a start at which nothing else can be at work, as local queues live in memory.
 */
export async function sweepStalledDocuments(runtime: Runtime, { atStart }: { atStart: boolean }): Promise<void> {
  const ctx = jobContext(runtime, "sweep");
  const now = ctx.clock.now();
  if (atStart) await dropLeases(ctx.db);
  const standing = await listStandingRuns(ctx.db, atStart ? now + 1 : now - patienceMs);
  for (const { documentId, runId, leaseUntil } of standing) {
    const delayMs = atStart ? 0 : Math.max(0, (leaseUntil ?? 0) - now);
    await enqueue(ctx.env, { documentId, runId }, Math.ceil(delayMs / 1_000));
  }
  if (standing.length === 0) return;
  await touchDocuments(
    ctx.db,
    standing.map(({ documentId }) => documentId),
    now,
  );
  ctx.log.info("documents_put_back", { count: standing.length });
}
