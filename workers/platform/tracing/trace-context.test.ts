import { describe, expect, it } from "vitest";
import { requestIdIn, traceContextIn } from "./trace-context.ts";

const [traceId, spanId] = ["4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"];

describe("a traceparent", () => {
  const read = (traceparent: string) => traceContextIn(new Headers({ traceparent }));

  it.each([
    `00-${traceId}-${spanId}-01`,
    `00-${traceId}-${spanId}-00`,
    `01-${traceId}-${spanId}-01`,
    `cc-${traceId}-${spanId}-01-what-comes-later`,
  ])("is taken on: %s", (header) => {
    expect(read(header)).toEqual({ traceId, spanId });
  });

  it.each([
    "",
    "00",
    `ff-${traceId}-${spanId}-01`,
    `00-${traceId}-${spanId}-01-more`,
    `00-${traceId}-${spanId}`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${"0".repeat(32)}-${spanId}-01`,
    `00-${traceId}-${"0".repeat(16)}-01`,
    `00-${traceId.slice(1)}-${spanId}-01`,
    `00-${traceId}-${spanId}-01, 00-${traceId}-${spanId}-01`,
  ])("is none: %s", (header) => {
    expect(read(header)).toBeNull();
  });
});

describe("a request’s id", () => {
  const read = (id: string) => requestIdIn(new Headers({ "X-Request-Id": id }));

  it.each(["req_01J9ZQ7Y4M", "7f4df1a0-3a0e-4a38-8b8b-5d7e0a1f6f7e", "a".repeat(128)])("is taken on: %s", (id) => {
    expect(read(id)).toBe(id);
  });

  it.each(["", "short", "=cmd()|calc", "with blanks in", "ümläute-sind-keine", '{"a":"bcdefgh"}', "a".repeat(129)])(
    "is none: %s",
    (id) => {
      // A header of other characters than Latin ones cannot be sent at all.
      expect(read(id)).toBeNull();
    },
  );
});
