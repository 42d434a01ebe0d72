import type { Connection } from "../../models/ports/connection.ts";
import type { Embedder } from "../../models/ports/embedder.ts";
import type { VisionModel } from "../../models/ports/vision-model.ts";
import type { Place } from "../../platform/limits/line.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { inSpan } from "../../platform/tracing/in-span.ts";
import type { ModelUse } from "../use.ts";
import { enterBox } from "./enter-box.ts";
import type { Urgency } from "./line-policy.ts";

/** How somebody stands in line. */
interface Standing {
  signal: AbortSignal | undefined;
  /** Ends the wait, and nothing after that. */
  leave?: AbortSignal | undefined;
  onPlace?: ((place: Place) => void) | undefined;
}

/**
 * Does `work` when it is its turn: at once where the machine behind a connection has no line. The signal that it is given is aborted where the machine stops answering. Throws as
 * `enterBox` and `work` do.
 */
export async function inLine<T>(
  ctx: Runtime,
  connection: Connection | null,
  ask: { model: string; cloneId: string | null; urgency: Urgency },
  { signal = new AbortController().signal, leave, onPlace }: Standing,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (!connection?.hasLine) return work(signal);
  const waiting = leave ? AbortSignal.any([signal, leave]) : signal;
  const held = await inSpan(ctx, "queue", {}, () => enterBox(ctx, connection, ask, { signal: waiting, onPlace }));
  try {
    return await work(AbortSignal.any([signal, held.lost]));
  } finally {
    held.release();
  }
}

const nameIn = (id: string) => id.slice(id.indexOf("/") + 1);

/** An embedder that stands in line: a question is a person's, all else comes in many. */
export const embedderInLine = (
  ctx: Runtime,
  { cloneId }: ModelUse,
  connection: Connection,
  embedder: Embedder,
): Embedder =>
  connection.hasLine
    ? {
        id: embedder.id,
        get dimensions() {
          return embedder.dimensions;
        },
        batchSize: embedder.batchSize,
        embed: (texts, options) =>
          inLine(
            ctx,
            connection,
            { model: nameIn(embedder.id), cloneId, urgency: options.purpose === "query" ? "person" : "batch" },
            { signal: options.signal },
            (signal) => embedder.embed(texts, { ...options, signal }),
          ),
      }
    : embedder;

/** A reader of pictures that stands in line. */
export const visionInLine = (
  ctx: Runtime,
  { cloneId }: ModelUse,
  connection: Connection,
  vision: VisionModel,
): VisionModel => ({
  id: vision.id,
  describe: (image, options) =>
    inLine(ctx, connection, { model: nameIn(vision.id), cloneId, urgency: "batch" }, options, (signal) =>
      vision.describe(image, { ...options, signal }),
    ),
});
