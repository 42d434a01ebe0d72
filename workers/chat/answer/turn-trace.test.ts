import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, inject, it } from "vitest";
import type { CollectedRequest, CollectedSpan } from "../../../scripts/stand-ins/otlp-server.ts";
import { api } from "../../api.ts";
import { fileOf, settled, upload } from "../../knowledge/testing/documents.ts";
import { addMember, call, jsonOf, makeClone, signUp, workspaceOf } from "../../testing/client.ts";
import { eventually } from "../../testing/eventually.ts";
import { hasTwenty } from "../../testing/held-model.ts";
import { takeLoggedErrors } from "../../testing/logged-errors.ts";
import {
  ask,
  crash,
  eventsIn,
  messagesOf,
  openConversation,
  readUntil,
  restartWith,
  resume,
  standIn,
} from "../testing/turns.ts";

interface Trace {
  trace_id: string;
  turn_id: string;
  left_out: number;
  spans: {
    name: string;
    parent: number | null;
    started_ms: number;
    duration_ms: number | null;
    error: string | null;
    attributes: Record<string, unknown>;
  }[];
}

const traceOf = (token: string, id: string, message: string) =>
  call("GET", `/api/v1/conversations/${id}/messages/${message}/trace`, { token });

async function lastTrace(token: string, id: string): Promise<Trace> {
  const answer = (await messagesOf(token, id)).at(-1);
  return jsonOf<Trace>(await traceOf(token, id, answer?.id ?? ""), 200);
}

const named = (trace: Trace, name: string) => trace.spans.filter((span) => span.name === name);

/** What the collector got, by the name of its path; waits until `look` finds something. */
const collected = <T>(path: string, look: (requests: CollectedRequest[]) => T | undefined | false): Promise<T> =>
  eventually(async () => {
    const { data } = (await (await fetch(`${inject("otlpStandIn")}/_log`)).json()) as { data: CollectedRequest[] };
    const found = look(data.filter((request) => request.path === path));
    if (!found) throw new Error(`The collector has nothing of that at ${path}.`);
    return found;
  });

const attributesOf = (span: CollectedSpan | undefined) =>
  Object.fromEntries((span?.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]]));

let places = 0;
/** An address of the collector of one’s own. */
function place(prefix = "of") {
  places += 1;
  const base = `/${prefix}-${places}`.replace(/^\/(answer-\d+|redirect)-/, "/$1/");
  return { endpoint: inject("otlpStandIn") + base, path: `${base}/v1/traces` };
}

/** A clone that knows of one bridge, and a conversation with it whose object has these variables. */
async function aboutBridge(settings: Record<string, string> = {}, fields: Record<string, unknown> = {}) {
  const { token } = await signUp();
  const clone = await makeClone(token, fields);
  const file = fileOf("forth.md", "# Forth\n\nThe Forth crossing is a cantilever of steel. Fowler and Baker drew it.");
  for (const { id } of await upload(token, clone.id, file)) await settled(token, id);
  const id = await openConversation(token, { clone_id: clone.id });
  await restartWith(id, settings);
  return { token, clone, id };
}

const question = "What is the Forth crossing made of?";

describe("what happened for an answer", () => {
  it("says what was searched, which model was asked, and how long each took", async () => {
    const { token, id, clone } = await aboutBridge();
    const model = standIn("reply=Steel, as a cantilever. [1]");
    await (await ask(token, id, { content: question, model, temperature: 0.5 })).text();
    const trace = await lastTrace(token, id);
    expect(trace.trace_id).toMatch(/^[0-9a-f]{32}$/);
    expect(trace.left_out).toBe(0);
    expect(trace.spans[0]).toMatchObject({ name: "turn", parent: null, started_ms: 0, error: null });
    expect(trace.spans[0]?.attributes).toMatchObject({
      "gen_ai.agent.id": clone.id,
      "gen_ai.conversation.id": id,
      "gen_ai.usage.input_tokens": expect.any(Number),
      "gen_ai.response.finish_reasons": ["stop"],
      "gen_ai.response.time_to_first_chunk": expect.any(Number),
      "understudy.turn.outcome": "done",
      "understudy.turn.id": trace.turn_id,
    });
    const [search] = named(trace, "search");
    expect(search).toMatchObject({ parent: 0, attributes: { "understudy.search.passages": 1 } });
    const below = trace.spans.filter(({ parent }) => trace.spans[parent ?? -1] === search).map(({ name }) => name);
    expect(below.toSorted()).toEqual(["embedding", "index"]);
    expect(named(trace, "model")).toMatchObject([
      {
        parent: 0,
        error: null,
        duration_ms: expect.any(Number),
        attributes: {
          "gen_ai.operation.name": "chat",
          "gen_ai.provider.name": "openai",
          "gen_ai.request.model": model.slice("openai/".length),
          "gen_ai.request.temperature": 0.5,
          "gen_ai.usage.output_tokens": expect.any(Number),
        },
      },
    ]);
    expect(JSON.stringify(trace)).not.toContain("Forth");
  });

  it("says which models were asked in vain, and why, and what answered instead", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const [broken, next] = [standIn("fault=500"), standIn("reply=Quinces.")];
    await restartWith(id, { FALLBACK_MODELS: next });
    await (await ask(token, id, { content: "Hi", model: broken })).text();
    const trace = await lastTrace(token, id);
    const asked = named(trace, "model");
    expect(asked.at(0)).toMatchObject({ error: "down" });
    expect(asked.at(-1)).toMatchObject({ error: null });
    expect(trace.spans[0]?.attributes).toMatchObject({
      "gen_ai.request.model": broken,
      "gen_ai.response.model": next,
      "understudy.fallback.reason": "down",
    });
  });

  it("is known as far as it is after a crash, and goes with its message", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const model = standIn("tokens=300&tokens_per_second=40&pause=20");
    const { reader } = await readUntil(await ask(token, id, { content: "Go", model }), hasTwenty);
    reader.cancel().catch(() => {});
    await crash(id);
    await (await resume(token, id, 0)).text();
    const trace = await lastTrace(token, id);
    expect(trace.spans).toMatchObject([
      { name: "turn", error: "INTERRUPTED", attributes: { "understudy.turn.outcome": "interrupted" } },
    ]);
    const answer = (await messagesOf(token, id)).at(-1)?.id ?? "";
    await call("DELETE", `/api/v1/conversations/${id}/messages/${answer}`, { token });
    expect((await traceOf(token, id, answer)).status).toBe(404);
    takeLoggedErrors();
  });

  it("is nobody’s but of those whose model answered", async () => {
    const { token: owner, clone } = await aboutBridge({}, { visibility: "public" });
    const { token: guest } = await signUp("Guest");
    const visitor = await jsonOf<{ visitor_token: string }>(
      await call("POST", "/api/v1/visitors", { json: { clone: clone.slug } }),
      201,
    );
    const member = await addMember({ workspaceId: await workspaceOf(owner) }, "member");
    const statusFor = async (token: string, headers = {}) => {
      const made = await call("POST", "/api/v1/conversations", { token, json: { clone_id: clone.id }, headers });
      const { id } = await jsonOf<{ id: string }>(made, 201);
      const asked = { token, json: { content: question }, headers };
      const events = eventsIn(await (await call("POST", `/api/v1/conversations/${id}/messages`, asked)).text());
      const path = `/api/v1/conversations/${id}/messages/${events[0]?.data.message_id}/trace`;
      return (await call("GET", path, { token, headers })).status;
    };
    expect(await statusFor(owner)).toBe(200);
    expect(await statusFor(member.token, { "X-Workspace-Id": member.workspaceId })).toBe(200);
    expect(await statusFor(guest)).toBe(403);
    expect(await statusFor(visitor.visitor_token)).toBe(403);
  });
});

describe("a collector", () => {
  it("gets a turn in the trace that its request came with, by the headers that it wants", async () => {
    const { endpoint, path } = place();
    const { token, id } = await aboutBridge({ OTLP_ENDPOINT: endpoint, OTLP_HEADERS: "x-api-key=se%3Dcret, x-of=me" });
    const [traceId, spanId] = ["4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"];
    const asked = { content: question, model: standIn("reply=Iron, as a truss. [1]") };
    const headers = { traceparent: `00-${traceId}-${spanId}-01`, "X-Request-Id": "request-of-mine" };
    const response = await call("POST", `/api/v1/conversations/${id}/messages`, { token, json: asked, headers });
    expect(response.headers.get("X-Request-Id")).toBe("request-of-mine");
    await response.text();
    const requests = await collected(
      path,
      (all) => all.flatMap(({ spans }) => spans).some(({ name }) => name.startsWith("invoke_agent")) && all,
    );
    expect(requests[0]?.headers).toMatchObject({ "x-api-key": "se=cret", "x-of": "me" });
    expect(requests[0]?.resource.map(({ key }) => key)).toEqual(["service.name", "service.version"]);
    const spans = requests.flatMap((request) => request.spans);
    expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
    const ids = spans.map((span) => span.spanId);
    expect(new Set(ids).size).toBe(spans.length);
    expect(ids.every((each) => /^[0-9a-f]{16}$/.test(each))).toBe(true);
    const model = spans.find(({ name }) => name.startsWith("chat "));
    expect(model).toMatchObject({ kind: 3, status: {} });
    expect(BigInt(model?.endTimeUnixNano ?? 0)).toBeGreaterThanOrEqual(BigInt(model?.startTimeUnixNano ?? 1));
    expect(attributesOf(model)).toMatchObject({ "gen_ai.operation.name": "chat", "gen_ai.conversation.id": id });
    expect(JSON.stringify(requests)).not.toMatch(/Forth|steel/);
    expect((await lastTrace(token, id)).trace_id).toBe(traceId);
  });

  it.each([
    ["on", {}, true],
    ["of-own-workspace", {}, true],
    ["ws_01ARZ3NDEKTSV4RRFFQ69G5FAV", {}, false],
    ["on", { privacy: "own" }, false],
  ])(
    "gets questions and answers where OTLP_CONTENT is %s, for a clone with %o: %s",
    async (content, fields, isSent) => {
      const { endpoint, path } = place();
      const { token, id } = await aboutBridge({}, fields);
      const allowed = content === "of-own-workspace" ? await workspaceOf(token) : content;
      await restartWith(id, { OTLP_ENDPOINT: endpoint, OTLP_CONTENT: allowed });
      await (await ask(token, id, { content: question, model: standIn("reply=Steel, as a cantilever. [1]") })).text();
      const span = await collected(path, (all) =>
        all.flatMap(({ spans }) => spans).find(({ name }) => name.startsWith("chat ")),
      );
      const { "gen_ai.input.messages": input, "gen_ai.output.messages": output } = attributesOf(span);
      if (!isSent) return expect([input, output]).toEqual([undefined, undefined]);
      expect(JSON.parse(String(input)).at(-1).parts[0].content).toContain("Forth crossing");
      expect(JSON.parse(String(output))[0].parts[0].content).toContain("Steel");
    },
  );

  it.each([
    ["refuses", () => place("answer-503").endpoint],
    ["is elsewhere", () => place("redirect").endpoint],
    ["is not there", () => "http://127.0.0.1:9"],
  ])("that %s costs one line of the log, and no answer anything", async (_, endpoint) => {
    const { token } = await signUp();
    const id = await openConversation(token);
    await restartWith(id, { OTLP_ENDPOINT: endpoint() });
    const events = eventsIn(await (await ask(token, id, { content: "Hi", model: standIn("reply=Pears.") })).text());
    expect(events.at(-1)?.event).toBe("done");
    const lines = await eventually(() => {
      const logged = takeLoggedErrors();
      expect(logged.length).toBeGreaterThan(0);
      return logged;
    });
    expect(lines.every((line) => line.includes('"traces_not_exported"'))).toBe(true);
  });

  it("gets a request below which something was traced, and no other", async () => {
    const { token, clone } = await aboutBridge();
    const { endpoint, path } = place();
    const send = async (method: string, address: string, json?: object) => {
      const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
      const body = json ? { body: JSON.stringify(json) } : {};
      const request = new Request(`http://localhost:8787/api/v1${address}`, { method, headers, ...body });
      const response = await api.fetch(request, { ...env, OTLP_ENDPOINT: endpoint }, createExecutionContext());
      return jsonOf(response, 200);
    };
    await send("GET", "/me");
    await send("POST", "/documents/search", { clone_id: clone.id, query: question });
    const spans = await collected(path, (all) => all.length > 0 && all.flatMap((request) => request.spans));
    const requests = spans.filter(({ name }) => name === "request");
    expect(requests.map(attributesOf)).toMatchObject([{ "url.path": "/api/v1/documents/search" }]);
    expect(requests[0]).toMatchObject({ kind: 2 });
    const [search] = spans.filter(({ name }) => name.startsWith("retrieval"));
    expect(search?.parentSpanId).toBe(requests[0]?.spanId);
  });
});
