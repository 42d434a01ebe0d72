import { expect, it } from "vitest";
import { type MeasuredCall, MeasuredCalls } from "./measured-calls.ts";
import { otlpMetricsOf } from "./otlp.ts";

const call = (over: Partial<MeasuredCall> = {}): MeasuredCall => ({
  ...{ operation: "chat", model: "gemini/gemini-3.8-flash", durationMs: 40, error: null },
  ...over,
});

it("counts each call in the bucket that its value is at most the end of", () => {
  const measured = new MeasuredCalls();
  for (const durationMs of [10, 11, 20, 81_920, 81_921]) measured.add(call({ durationMs }));
  const [histogram] = measured.take();
  expect(histogram?.buckets).toEqual([1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
  expect(histogram).toMatchObject({ count: 5, min: 0.01, max: 81.921 });
  expect(histogram?.sum).toBeCloseTo(163.882);
});

it("tells apart what is said of calls, and of tokens only what was counted", () => {
  const measured = new MeasuredCalls();
  measured.add(call({ promptTokens: 7, completionTokens: 0 }));
  measured.add(call({ error: "busy" }));
  measured.add(call({ operation: "embeddings", model: "openai/small", promptTokens: 3, completionTokens: 0 }));
  const gemini = { "gen_ai.provider.name": "gcp.gemini", "gen_ai.request.model": "gemini-3.8-flash" };
  const chat = { "gen_ai.operation.name": "chat", ...gemini };
  const vectors = {
    "gen_ai.operation.name": "embeddings",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "small",
  };
  expect(measured.take().map(({ instrument, attributes, sum }) => [instrument, attributes, sum])).toEqual([
    ["duration", chat, 0.04],
    ["tokens", { ...chat, "gen_ai.token.type": "input" }, 7],
    ["tokens", { ...chat, "gen_ai.token.type": "output" }, 0],
    ["duration", { ...chat, "error.type": "busy" }, 0.04],
    ["duration", vectors, 0.04],
    ["tokens", { ...vectors, "gen_ai.token.type": "input" }, 3],
  ]);
});

it("tells what was measured since it last did, and nothing twice", () => {
  const measured = new MeasuredCalls();
  measured.add(call());
  expect(measured.take()).toHaveLength(1);
  expect(measured.take()).toEqual([]);
  measured.add(call());
  expect(measured.take()).toMatchObject([{ count: 1 }]);
});

it("keeps no more than it has room for, whatever models are called", () => {
  const measured = new MeasuredCalls();
  for (let i = 0; i < 2_000; i++) measured.add(call({ model: `lab/${i}` }));
  expect(measured.take()).toHaveLength(500);
});

it("is written as OTLP has it: histograms that begin anew, numbers of 64 bits as texts", () => {
  const measured = new MeasuredCalls();
  measured.add(call({ durationMs: 300, promptTokens: 5 }));
  const histograms = measured.take();
  const since = histograms[0]?.since ?? 0;
  const [all] = otlpMetricsOf(histograms, since + 500, "one-process").resourceMetrics;
  expect(all?.resource.attributes).toContainEqual({
    key: "service.instance.id",
    value: { stringValue: "one-process" },
  });
  const [duration, tokens] = all?.scopeMetrics[0]?.metrics ?? [];
  expect(duration).toMatchObject({
    ...{ name: "gen_ai.client.operation.duration", unit: "s" },
    histogram: {
      aggregationTemporality: 1,
      dataPoints: [{ startTimeUnixNano: `${since}000000`, timeUnixNano: `${since + 500}000000`, count: "1", sum: 0.3 }],
    },
  });
  const [point] = duration?.histogram.dataPoints ?? [];
  expect(point?.explicitBounds).toHaveLength(14);
  expect(point?.bucketCounts.join("")).toBe("000001000000000");
  expect(tokens).toMatchObject({ name: "gen_ai.client.token.usage", unit: "{token}" });
});
