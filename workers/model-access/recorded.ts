import { recordUsage } from "../metering/record-usage.ts";
import type { Estimate } from "../models/estimate-call.ts";
import { classifyModelFailure } from "../models/failures.ts";
import type { CalledModel } from "../models/ports/called-model.ts";
import type { Counted, OnCounted } from "../models/ports/counted.ts";
import type { Embedder } from "../models/ports/embedder.ts";
import type { Reranker } from "../models/ports/reranker.ts";
import type { VisionModel } from "../models/ports/vision-model.ts";
import type { Runtime } from "../platform/runtime.ts";
import { measureCall } from "../platform/tracing/export-spans.ts";
import { estimateTokens } from "../text/tokens.ts";
import { chargeUsage } from "../wallet/charge-usage.ts";
import { chargedTo, type ModelUse } from "./use.ts";

interface Call {
  counted: Counted;
  startedAt: number;
  firstTokenMs?: number | null;
  outcome: "complete" | "failed";
}

/** Records what a call took, by its provider's counts or else by an estimate. */
export function recordCall(ctx: Runtime, use: ModelUse, called: CalledModel, call: Call, estimate: Estimate): void {
  const { counted, startedAt, firstTokenMs = null, outcome } = call;
  const { promptTokens, completionTokens } = counted;
  const now = ctx.clock.now();
  const taken = {
    promptTokens: promptTokens ?? estimate.promptTokens,
    cacheReadTokens: counted.cacheReadTokens ?? null,
    cacheWriteTokens: counted.cacheWriteTokens ?? null,
    completionTokens: completionTokens ?? estimate.completionTokens,
    reasoningTokens: counted.reasoningTokens ?? null,
    estimated: promptTokens === undefined || completionTokens === undefined,
    durationMs: now - startedAt,
    firstTokenMs,
  };
  chargeUsage(ctx, recordUsage(ctx, chargedTo(use), called, taken, { outcome, createdAt: now }));
}

/** The sum of what several requests of one call were counted as: unknown where one of them was not counted. */
function summed(all: readonly Counted[]): Counted {
  const sum = (of: (each: Counted) => number | undefined) =>
    all.reduce<number | undefined>((so, each) => (so === undefined ? so : addedTo(so, of(each))), 0);
  return all.length === 0
    ? {}
    : { promptTokens: sum((each) => each.promptTokens), completionTokens: sum((each) => each.completionTokens) };
}
const addedTo = (so: number, more: number | undefined) => (more === undefined ? undefined : so + more);

/** What the conventions of OpenTelemetry call what models other than chat models do; they have no word for putting passages in order. */
const operations: Partial<Record<ModelUse["purpose"], string>> = { embedding: "embeddings", rerank: "rerank" };

/** Asks, and records what that took. Of what failed with nothing answered no provider takes anything: that leaves no event. */
async function recorded<T>(
  ctx: Runtime,
  use: ModelUse,
  called: CalledModel,
  ask: (onCounted: OnCounted) => Promise<T>,
  estimate: (result: T | null) => Estimate,
): Promise<T> {
  const startedAt = ctx.clock.now();
  const counts: Counted[] = [];
  const ended = (outcome: Call["outcome"], error: string | null) => {
    const [only, ...more] = counts;
    const counted = only && more.length === 0 ? only : summed(counts);
    const durationMs = ctx.clock.now() - startedAt;
    measureCall(ctx, { operation: operations[use.purpose] ?? "chat", model: called.id, durationMs, error, ...counted });
    return { counted, startedAt, outcome };
  };
  try {
    const result = await ask((counted) => counts.push(counted));
    recordCall(ctx, use, called, ended("complete", null), estimate(result));
    return result;
  } catch (error) {
    const failure = classifyModelFailure(error);
    const call = ended("failed", failure.kind ?? failure.code);
    if (counts.length > 0) recordCall(ctx, use, called, call, estimate(null));
    throw error;
  }
}

const tokensOf = (texts: readonly string[]) => texts.reduce((sum, text) => sum + estimateTokens(text), 0);

/** An embedder whose calls are recorded. */
export const recordedEmbedder = (ctx: Runtime, use: ModelUse, called: CalledModel, embedder: Embedder): Embedder => ({
  id: embedder.id,
  get dimensions() {
    return embedder.dimensions;
  },
  batchSize: embedder.batchSize,
  embed: (texts, options) =>
    recorded(
      ctx,
      use,
      called,
      (onCounted) => embedder.embed(texts, { ...options, onCounted }),
      () => ({ promptTokens: tokensOf(texts), completionTokens: 0 }),
    ),
});

/** A reranker whose calls are recorded: it reads the question beside each of the texts. */
export const recordedReranker = (ctx: Runtime, use: ModelUse, called: CalledModel, reranker: Reranker): Reranker => ({
  id: reranker.id,
  rerank: (query, texts, options) =>
    recorded(
      ctx,
      use,
      called,
      (onCounted) => reranker.rerank(query, texts, { ...options, onCounted }),
      () => ({ promptTokens: tokensOf(texts) + texts.length * estimateTokens(query), completionTokens: 0 }),
    ),
});

/** About what providers count for a picture of usual size, with what it is asked by. */
const tokensOfPicture = 1_200;

/** A reader of pictures whose calls are recorded. */
export const recordedVision = (ctx: Runtime, use: ModelUse, called: CalledModel, vision: VisionModel): VisionModel => ({
  id: vision.id,
  describe: (image, options) =>
    recorded(
      ctx,
      use,
      called,
      (onCounted) => vision.describe(image, { ...options, onCounted }),
      (text) => ({ promptTokens: tokensOfPicture, completionTokens: estimateTokens(text ?? "") }),
    ),
});
