import { z } from "zod";
import type { DocumentRow } from "../queries.ts";
import type { Delivered } from "./process-document.ts";

/** A message of the ingestion queue: keys only, never bodies. One carries a document through all steps that its run lacks. */
export const ingestMessage = z.object({
  kind: z.literal("document"),
  document_id: z.string(),
  run_id: z.string(),
  clone_id: z.string(),
  storage_key: z.string(),
  bytes: z.number(),
  /** Which delivery of the run this is, where an earlier one went on by itself. */
  tries: z.number().int().default(1),
});

export type IngestMessage = z.output<typeof ingestMessage>;

export function jobOf({ document_id, run_id, clone_id, storage_key }: IngestMessage): Delivered {
  return { documentId: document_id, runId: run_id, cloneId: clone_id, storageKey: storage_key };
}

/** A document's run as a message of the queue delivers it. */
export function deliveredOf({ id, cloneId, storageKey }: Queued, runId: string): Delivered {
  return { documentId: id, runId, cloneId, storageKey };
}

type Queued = Pick<DocumentRow, "id" | "cloneId" | "storageKey" | "bytes">;

export function messageFor(document: Queued, runId: string): z.input<typeof ingestMessage> {
  const { id, cloneId, storageKey, bytes } = document;
  return { kind: "document", document_id: id, run_id: runId, clone_id: cloneId, storage_key: storageKey, bytes };
}

/** Puts a document's run on the queue. */
export async function enqueue(env: Env, document: Queued, runId: string, delaySeconds = 0): Promise<void> {
  await env.INGEST_QUEUE.send(messageFor(document, runId), { delaySeconds });
}

/** Puts a run back whose delivery went on by itself and did not succeed. */
export async function enqueueAgain(env: Env, message: IngestMessage, delaySeconds: number): Promise<void> {
  await env.INGEST_QUEUE.send({ ...message, tries: message.tries + 1 }, { delaySeconds });
}
