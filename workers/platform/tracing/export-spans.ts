import { inBackground } from "../background.ts";
import { delay } from "../pause.ts";
import type { Runtime } from "../runtime.ts";
import { common, own } from "./gen-ai-names.ts";
import { type MeasuredCall, MeasuredCalls } from "./measured-calls.ts";
import { otlpMetricsOf, otlpOf } from "./otlp.ts";
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
const measured = new MeasuredCalls();
let gatheringSince: number | null = null;
/** The endpoint that takes traces alone. */
let withoutMetrics: string | null = null;
/** What tells this process's metrics from those of others; drawn when it is first needed. */
let instance: string | null = null;

/** Where something is posted: the variable names the base, or the whole address for traces. */
const addressOf = (endpoint: string, signal: "traces" | "metrics") =>
  endpoint.replace(/\/+$/, "").replace(/(?:\/v1\/traces)?$/, `/v1/${signal}`);

/** Posts to the collector; resolves to the status where that says that it does not know such an address. */
async function post({ config }: Runtime, address: string, body: object): Promise<number | null> {
  const response = await fetch(address, {
    method: "POST",
    headers: [["Content-Type", "application/json"], ...config.OTLP_HEADERS],
    body: JSON.stringify(body),
    // A key goes to no other address than the one it was given for.
    redirect: "manual",
    signal: AbortSignal.timeout(patience),
  });
  await response.body?.cancel();
  if (response.ok) return null;
  if ([404, 405, 501].includes(response.status)) return response.status;
  throw new Error(`The collector answered ${response.status}.`);
}

async function postSpans(ctx: Runtime, endpoint: string, spans: SpanRecord[]): Promise<void> {
  const status = spans.length === 0 ? null : await post(ctx, addressOf(endpoint, "traces"), otlpOf(spans));
  if (status !== null) throw new Error(`The collector answered ${status}.`);
}

/** Many collectors take traces and nothing else: such a one is asked once. */
async function postMeasured(ctx: Runtime, endpoint: string): Promise<void> {
  const histograms = measured.take();
  if (histograms.length === 0) return;
  instance ??= crypto.randomUUID();
  const status = await post(ctx, addressOf(endpoint, "metrics"), otlpMetricsOf(histograms, Date.now(), instance));
  if (status === null) return;
  withoutMetrics = endpoint;
  ctx.log.info("metrics_not_taken", { status });
}

async function send(ctx: Runtime, endpoint: string): Promise<void> {
  await delay(gatherMs);
  const [spans, missing] = [waiting, lost];
  waiting = [];
  lost = 0;
  gatheringSince = null;
  try {
    await Promise.all([postSpans(ctx, endpoint, spans), postMeasured(ctx, endpoint)]);
    if (missing > 0) throw new Error("More spans came than can wait.");
  } catch (error) {
    ctx.log.error("traces_not_exported", error, { spans: spans.length, lost: missing });
  }
}

/** Has what waits sent, unless somebody is about to. */
function sendSoon(ctx: Runtime, endpoint: string, defer: (work: Promise<unknown>) => void): void {
  const now = Date.now();
  if (gatheringSince !== null && now - gatheringSince < goneAfterMs) return;
  gatheringSince = now;
  defer(send(ctx, endpoint));
}

/** Takes note of what a call of a model took, for the collector; it goes with the spans that end at that time. */
export function measureCall(ctx: Runtime, call: MeasuredCall): void {
  const endpoint = ctx.config.OTLP_ENDPOINT;
  if (endpoint === undefined || endpoint === withoutMetrics) return;
  measured.add(call);
  sendSoon(ctx, endpoint, (work) => inBackground(ctx, work));
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
  if (waiting.length > 0) sendSoon(ctx, endpoint, defer);
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
