import { defaultEmbedder } from "../../model-access/workspace-models.ts";
import { newId } from "../../platform/ids.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { chunkingKey, defaultConfig } from "../pipeline-config.ts";
import type { Refreshing } from "../pipeline-contract.ts";
import { enqueue } from "./ingest-message.ts";
import { insertRefreshRun } from "./new-run-queries.ts";
import { type Defaults, listStaleDocuments, measureStaleDocuments } from "./stale-queries.ts";

/** How long to leave a document alone after an attempt to read it anew, in ms. */
const refreshEveryMs = 3_600_000;

async function defaultsOf(runtime: Runtime): Promise<Defaults> {
  const [all, own] = await Promise.all([defaultEmbedder(runtime), defaultEmbedder(runtime, "own")]);
  return { embedder: all.id, ownEmbedder: own.id, chunking: chunkingKey(defaultConfig.chunking) };
}

async function refresh(ctx: Runtime, which: { before: number; cloneId?: string }): Promise<number> {
  const stale = await listStaleDocuments(ctx.db, await defaultsOf(ctx), which);
  for (const document of stale) {
    const runId = newId("run");
    await insertRefreshRun(ctx.db, document, runId, ctx.clock.now());
    await enqueue(ctx.env, document, runId);
  }
  return stale.length;
}

/**
 * Queues documents of all clones that were read in another way than is set now: cut otherwise, or with another embedder's vectors.
 * They are found as they are until the new passages take the place of the old.
 */
export async function refreshStaleDocuments(ctx: Runtime): Promise<void> {
  const count = await refresh(ctx, { before: ctx.clock.now() - refreshEveryMs });
  if (count > 0) ctx.log.info("documents_read_anew", { count });
}

/** Queues documents of one clone whose configuration was changed a moment ago; what is beyond the first hundred, the sweep takes. */
export async function refreshClone(ctx: Runtime, cloneId: string): Promise<void> {
  await refresh(ctx, { before: Number.MAX_SAFE_INTEGER, cloneId });
}

/** How many of a clone's documents are still to be read anew, and why that does not succeed. */
export async function refreshingOf(ctx: Runtime, cloneId: string): Promise<Refreshing> {
  const { count, error } = await measureStaleDocuments(ctx.db, await defaultsOf(ctx), cloneId);
  return { refreshing: count, ...(error !== null && { refresh_error: error }) };
}
