/** Where a span stands: plain data, which goes from a request to the object that works for it. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  traceId: string;
  /** 16 hexadecimal digits. */
  spanId: string;
}

const nothing = /^0+$/;

/** What a `traceparent` says, as W3C Trace Context has it; null where it says nothing that is valid. */
export function traceContextIn(headers: Headers): TraceContext | null {
  // A later version may have more behind the flags.
  const [, version, traceId = "", spanId = "", more] =
    /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/.exec(headers.get("traceparent") ?? "") ?? [];
  if (version === undefined || version === "ff" || (version === "00" && more !== undefined)) return null;
  return nothing.test(traceId) || nothing.test(spanId) ? null : { traceId, spanId };
}

/** The id that a caller gave its request, where it is one that can stand in logs and files; null where there is none. */
export function requestIdIn(headers: Headers): string | null {
  const id = headers.get("X-Request-Id") ?? "";
  return /^[A-Za-z0-9][A-Za-z0-9._-]{7,127}$/.test(id) ? id : null;
}
