import type { Runtime } from "../platform/runtime.ts";

/** Consumes the ingestion queue and its dead letters. */
export async function consumeIngestion(_runtime: Runtime, _batch: MessageBatch): Promise<void> {}

/** Puts documents back on the queue whose processing was cut off; run by the cron. */
export async function sweepStalledDocuments(_runtime: Runtime): Promise<void> {}
