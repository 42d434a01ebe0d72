import { createServer } from "node:http";
import { type OnLoopback, onLoopback } from "./loopback.ts";

/** A span as a collector gets it. */
export interface CollectedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: Record<string, unknown> }[];
  status: { code?: number; message?: string };
}

/** A histogram's point as a collector gets it. */
export interface CollectedPoint {
  startTimeUnixNano: string;
  timeUnixNano: string;
  attributes: { key: string; value: Record<string, unknown> }[];
  count: string;
  sum: number;
  min: number;
  max: number;
  explicitBounds: number[];
  bucketCounts: string[];
}

interface CollectedMetric {
  name: string;
  unit: string;
  histogram: { aggregationTemporality: number; dataPoints: CollectedPoint[] };
}

/** A request as a collector gets it. */
export interface CollectedRequest {
  path: string;
  headers: Record<string, string | string[] | undefined>;
  resource: { key: string; value: Record<string, unknown> }[];
  spans: CollectedSpan[];
  metrics: CollectedMetric[];
}

/**
 * Plays a collector that speaks OTLP over HTTP, in JSON. A path that begins with `/answer-STATUS/` is answered by that status, and one that begins with `/redirect/` is sent to
 * another; below one that begins with `/traces-alone` there are no metrics. `GET /_log` answers `{data: CollectedRequest[]}`.
 */
export async function startOtlpStandIn(): Promise<OnLoopback> {
  const received: CollectedRequest[] = [];
  const server = createServer(async (request, response) => {
    const path = request.url ?? "/";
    const answer = (status: number, body: object, headers: Record<string, string> = {}) =>
      response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(body));
    if (path === "/_log") return answer(200, { data: received });
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const { resourceSpans, resourceMetrics } = JSON.parse(text);
    const [all] = resourceSpans ?? resourceMetrics;
    const spans = (all.scopeSpans ?? []).flatMap((scope: { spans: CollectedSpan[] }) => scope.spans);
    const metrics = (all.scopeMetrics ?? []).flatMap((scope: { metrics: CollectedMetric[] }) => scope.metrics);
    received.push({ path, headers: request.headers, resource: all.resource.attributes, spans, metrics });
    if (path.startsWith("/traces-alone") && resourceMetrics) return answer(404, {});
    if (path.startsWith("/redirect/")) return answer(307, {}, { Location: "/elsewhere/v1/traces" });
    answer(Number(path.match(/^\/answer-(\d{3})\//)?.[1] ?? 200), {});
  });
  return onLoopback(server);
}
