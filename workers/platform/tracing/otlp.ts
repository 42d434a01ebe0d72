import { version } from "../../../package.json";
import { common, genAi, instruments } from "./gen-ai-names.ts";
import type { Histogram } from "./measured-calls.ts";
import type { Attribute, SpanRecord } from "./span.ts";

function wireValue(value: Attribute): object {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value !== "number") return { arrayValue: { values: value.map(wireValue) } };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

const attributesOf = (attributes: Record<string, Attribute>) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: wireValue(value) }));

const nanoseconds = (ms: number) => `${Math.round(ms)}000000`;

/** OpenTelemetry's numbers of what kind a span is, and how it ended. */
const kinds = { internal: 1, server: 2, client: 3 };
const failed = 2;

function kindOf({ name, attributes }: SpanRecord): number {
  if (name === "request") return kinds.server;
  return attributes[genAi.provider] === undefined ? kinds.internal : kinds.client;
}

/** What the conventions call a span: `chat gpt-4o`; ours where they have no name. */
function nameOf({ name, attributes }: SpanRecord): string {
  const operation = attributes[genAi.operation];
  const about = attributes[genAi.agentId] ?? attributes[genAi.dataSourceId] ?? attributes[genAi.requestModel];
  return operation === undefined ? name : [operation, about].filter((part) => part !== undefined).join(" ");
}

const spanOf = (span: SpanRecord) => ({
  traceId: span.traceId,
  spanId: span.spanId,
  ...(span.parentId === null ? {} : { parentSpanId: span.parentId }),
  name: nameOf(span),
  kind: kindOf(span),
  startTimeUnixNano: nanoseconds(span.startedAt),
  endTimeUnixNano: nanoseconds(span.endedAt ?? span.startedAt),
  attributes: attributesOf({
    ...span.attributes,
    ...span.content,
    ...(span.error === null ? {} : { [common.errorType]: span.error }),
  }),
  status: span.error === null ? {} : { code: failed, message: span.error },
});

const service = { "service.name": "understudy", "service.version": version };
const scope = { name: "understudy", version };

/** Spans as OTLP over HTTP has them in JSON. */
export const otlpOf = (spans: readonly SpanRecord[]) => ({
  resourceSpans: [
    { resource: { attributes: attributesOf(service) }, scopeSpans: [{ scope, spans: spans.map(spanOf) }] },
  ],
});

const pointOf = (until: number) => (histogram: Histogram) => ({
  startTimeUnixNano: nanoseconds(histogram.since),
  timeUnixNano: nanoseconds(until),
  attributes: attributesOf(histogram.attributes),
  count: String(histogram.count),
  sum: histogram.sum,
  min: histogram.min,
  max: histogram.max,
  explicitBounds: instruments[histogram.instrument].bounds,
  bucketCounts: histogram.buckets.map(String),
});

/** OpenTelemetry's number of histograms that begin anew each time they are sent. */
const delta = 1;

/**
 * Histograms up to `until` (ms) as OTLP over HTTP has them in JSON. What a process sends is a series of its own, by its number: two that counted in one would be taken
 * for one that repeats itself.
 */
export const otlpMetricsOf = (histograms: readonly Histogram[], until: number, process: string) => ({
  resourceMetrics: [
    {
      resource: { attributes: attributesOf({ ...service, "service.instance.id": process }) },
      scopeMetrics: [
        {
          scope,
          metrics: Object.entries(instruments).flatMap(([key, { name, unit }]) => {
            const dataPoints = histograms.filter(({ instrument }) => instrument === key).map(pointOf(until));
            return dataPoints.length === 0
              ? []
              : [{ name, unit, histogram: { aggregationTemporality: delta, dataPoints } }];
          }),
        },
      ],
    },
  ],
});
