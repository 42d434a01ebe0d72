import { version } from "../../../package.json";
import { common, genAi } from "./gen-ai-names.ts";
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

/** Spans as OTLP over HTTP has them in JSON. */
export const otlpOf = (spans: readonly SpanRecord[]) => ({
  resourceSpans: [
    {
      resource: { attributes: attributesOf({ "service.name": "understudy", "service.version": version }) },
      scopeSpans: [{ scope: { name: "understudy", version }, spans: spans.map(spanOf) }],
    },
  ],
});
