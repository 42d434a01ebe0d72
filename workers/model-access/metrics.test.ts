import { env } from "cloudflare:workers";
import { expect, inject, it } from "vitest";
import type { CollectedPoint, CollectedRequest } from "../../scripts/stand-ins/otlp-server.ts";
import { ask, eventsIn, openConversation, restartWith, standIn } from "../chat/testing/turns.ts";
import { createRuntime } from "../platform/runtime.ts";
import { signUp } from "../testing/client.ts";
import { eventually } from "../testing/eventually.ts";
import { takeLoggedErrors } from "../testing/logged-errors.ts";
import type { ModelUse } from "./use.ts";
import { embedderFor } from "./workspace-models.ts";

let places = 0;
/** An address of the collector of one’s own. */
const place = (prefix = "metrics") => `/${prefix}-${++places}`;
const endpointOf = (base: string) => inject("otlpStandIn") + base;

async function requestsTo(base: string): Promise<CollectedRequest[]> {
  const { data } = (await (await fetch(endpointOf("/_log"))).json()) as { data: CollectedRequest[] };
  return data.filter(({ path }) => path.startsWith(`${base}/`));
}

const attributesOf = ({ attributes }: CollectedPoint) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

/** The points of an instrument of a model’s calls, once the collector has as many. */
const pointsOf = (base: string, instrument: string, model: string, count: number) =>
  eventually(async () => {
    const requests = (await requestsTo(base)).filter(({ path }) => path === `${base}/v1/metrics`);
    const metrics = requests.flatMap((request) => request.metrics).filter(({ name }) => name === instrument);
    const points = metrics.flatMap(({ histogram }) => histogram.dataPoints);
    const ofModel = points.filter((point) => attributesOf(point)["gen_ai.request.model"] === model);
    expect(ofModel).toHaveLength(count);
    return ofModel;
  });

async function askBy(model: string, base: string, more: Record<string, string> = {}) {
  const { token } = await signUp();
  const id = await openConversation(token);
  await restartWith(id, { OTLP_ENDPOINT: endpointOf(base), ...more });
  return eventsIn(await (await ask(token, id, { content: "Hi", model })).text());
}

it("the collector gets how long calls of a model took, and their tokens, beside the spans", async () => {
  const base = place();
  const model = standIn("reply=Pears.");
  const events = await askBy(model, `${base}/v1/traces`);
  const done = events.find(({ event }) => event === "done") ?? expect.fail("There is no end.");
  const usage = done.data.usage as { prompt_tokens: number; completion_tokens: number };
  const name = model.slice("openai/".length);
  const [tokens] = await Promise.all([
    pointsOf(base, "gen_ai.client.token.usage", name, 2),
    pointsOf(base, "gen_ai.client.operation.duration", name, 1),
  ]);
  const byType = tokens.map((point) => [attributesOf(point)["gen_ai.token.type"], point.sum, point.count]);
  expect(byType).toEqual([
    ["input", usage.prompt_tokens, "1"],
    ["output", usage.completion_tokens, "1"],
  ]);
});

it("a call that failed says why, and none of its words", async () => {
  const base = place();
  const model = standIn("fault=401");
  await askBy(model, base);
  const [point] = await pointsOf(base, "gen_ai.client.operation.duration", model.slice("openai/".length), 1);
  expect(point && attributesOf(point)).toMatchObject({
    ...{ "error.type": "refused", "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai" },
  });
  takeLoggedErrors();
});

it("vectors are measured where nothing is traced", async () => {
  const base = place();
  const use: ModelUse = {
    ...{ workspaceId: "ws_none", privacy: null, purpose: "embedding", userId: null, keyId: null },
    ...{ cloneId: null, conversationId: null, turnId: null },
  };
  const set = createRuntime({ ...env, OTLP_ENDPOINT: endpointOf(base) } as Env);
  const embedder = await embedderFor(set, use, "openai/measured-embedding");
  await embedder.embed(["one", "two"], { purpose: "query" });
  const [point] = await pointsOf(base, "gen_ai.client.token.usage", "measured-embedding", 1);
  expect(point).toMatchObject({ sum: 2 });
  expect(point && attributesOf(point)["gen_ai.operation.name"]).toBe("embeddings");
});

it("a collector that takes traces alone is sent metrics once, and costs no line of errors", async () => {
  const base = place("traces-alone");
  const spansOf = async () => (await requestsTo(base)).filter(({ path }) => path.endsWith("/v1/traces")).length;
  for (const round of [1, 2]) {
    await askBy(standIn("reply=Pears."), base, { LOG: "quiet" });
    await eventually(async () => expect(await spansOf()).toBeGreaterThanOrEqual(round));
  }
  expect((await requestsTo(base)).filter(({ path }) => path.endsWith("/v1/metrics"))).toHaveLength(1);
  expect(takeLoggedErrors()).toEqual([]);
});
