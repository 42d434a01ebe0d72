import { inBackground } from "../background.ts";
import { delay } from "../pause.ts";
import type { Runtime } from "../runtime.ts";
import { common, own } from "./gen-ai-names.ts";
import { otlpOf } from "./otlp.ts";
import { type Attributes, Span, type SpanRecord } from "./span.ts";

/** What is sent together: the spans that end within so many ms. */
const gatherMs = 500;
/** Whoever gathers and has not sent after so many ms is gone: the next one sends. */
const goneAfterMs = 5_000;
/** So many spans wait at most; what comes on top of them is lost. */
const mostWaiting = 2_000;
/** How long the collector may take, in ms. */
const patience = 10_000;

/** What waits to be sent by this process, whatever it is of; plain data, so that any request may send it. */
let waiting: SpanRecord[] = [];
let lost = 0;
let gatheringSince: number | null = null;

/** Where spans are posted: the variable names the base, or the whole address. */
export const tracesAddress = (endpoint: string) =>
  endpoint.replace(/\/+$/, "").replace(/(?:\/v1\/traces)?$/, "/v1/traces");

async function send({ config, log }: Runtime, endpoint: string): Promise<void> {
  await delay(gatherMs);
  const [spans, missing] = [waiting, lost];
  waiting = [];
  lost = 0;
  gatheringSince = null;
  try {
    const response = await fetch(tracesAddress(endpoint), {
      method: "POST",
      headers: [["Content-Type", "application/json"], ...config.OTLP_HEADERS],
      body: JSON.stringify(otlpOf(spans)),
      // A key goes to no other address than the one it was given for.
      redirect: "manual",
      signal: AbortSignal.timeout(patience),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`The collector answered ${response.status}.`);
    if (missing > 0) throw new Error("More spans came than can wait.");
  } catch (error) {
    log.error("traces_not_exported", error, { spans: spans.length, lost: missing });
  }
}

/**
 * Takes what has ended out of a span's trace and sends it to the collector, in the background and together with what else ends at that time. Nothing waits for it, and
 * nothing fails by it: what cannot be sent is lost, and a line of the log says so.
 */
export function exportSpans(ctx: Runtime, span: Span, defer: (work: Promise<unknown>) => void): void {
  const endpoint = ctx.config.OTLP_ENDPOINT;
  if (endpoint === undefined || !span.isUsed) return;
  const ended = span.take();
  const fitting = ended.slice(0, mostWaiting - waiting.length);
  lost += ended.length - fitting.length;
  waiting.push(...fitting);
  const now = Date.now();
  if (waiting.length === 0 || (gatheringSince !== null && now - gatheringSince < goneAfterMs)) return;
  gatheringSince = now;
  defer(send(ctx, endpoint));
}

/** Ends the span of a request that is answered, or begins to be, and sends it where anything was traced of it. */
export function exportRequest(ctx: Runtime, { method, path }: Answered, status: number, requestId: string): void {
  if (!ctx.span?.isUsed) return;
  const about = { [common.method]: method, [common.path]: path, [common.status]: status, [own.requestId]: requestId };
  ctx.span.set(about);
  if (status >= 500) ctx.span.fail(String(status));
  ctx.span.end();
  exportSpans(ctx, ctx.span, (work) => inBackground(ctx, work));
}

interface Answered {
  method: string;
  path: string;
}

/** Does a job's `work` as a trace of its own, and sends that. */
export async function inTrace<C extends Runtime & { defer(work: Promise<unknown>): void }, T>(
  ctx: C,
  name: string,
  attributes: Attributes,
  work: (ctx: C) => Promise<T>,
): Promise<T> {
  const span = Span.root(name);
  span.set(attributes);
  try {
    return await work({ ...ctx, span });
  } finally {
    span.end();
    exportSpans(ctx, span, ctx.defer);
  }
}
