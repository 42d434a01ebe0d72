import { expect, test } from "vitest";
import { accessToken } from "../../../../scripts/stand-ins/access-token.ts";
import { connectionsOf } from "../../../model-access/connections.ts";
import type { Runtime } from "../../../platform/runtime.ts";
import { listModels, modelStatus, requireChosenModel } from "../../available-models.ts";
import { classifyModelFailure } from "../../failures.ts";
import type { Connection } from "../../ports/connection.ts";
import {
  chatModelAt,
  defaultModelId,
  installationConnections,
  resolveChatModel,
  resolveEmbedder,
  resolveVisionModel,
} from "../../registry.ts";
import { boxFetch } from "./box.ts";
import { ollama } from "./provider.ts";
import { asked, logged, named, read, standIn, withBox } from "./testing/box.ts";

const gated = (variables: Record<string, string> = {}) =>
  withBox({
    OLLAMA_BASE_URL: `${standIn}/gated`,
    CF_ACCESS_CLIENT_ID: accessToken.id,
    CF_ACCESS_CLIENT_SECRET: accessToken.secret,
    ...variables,
  });
const embedder = (runtime: Runtime, name: string) =>
  resolveEmbedder(runtime, installationConnections(runtime), `ollama/${name}`);
const connectionOf = (runtime: Runtime) => ollama.connect(runtime.config, runtime.env, undefined) as Connection;
const bound = (runtime: Runtime) => connectionsOf(runtime, { workspaceId: "ws_none", privacy: "own" });

test("lists what the box has, with what it says of it", async () => {
  const runtime = withBox();
  const listed = (await listModels(runtime, installationConnections(runtime))).filter(
    ({ provider }) => provider === "ollama",
  );
  const byName = Object.fromEntries(listed.map((model) => [model.name, model]));
  expect(byName["llama3.2"]).toMatchObject({ lane: "own", contextWindow: 131_072, tools: true, vision: false });
  expect(byName["llava:7b"]).toMatchObject({ vision: true, tools: false, contextWindow: 32_768 });
  expect(byName["gpt-oss:120b-cloud"]).toMatchObject({ lane: "cloud" });
  expect(byName["house-model"]).toMatchObject({ lane: "cloud" });
  expect(byName["nomic-embed-text"]).toBeUndefined();
});

test("every call carries the service token: the list, the status, answers, vectors", async () => {
  const runtime = gated();
  const connections = installationConnections(runtime);
  expect(await modelStatus(runtime, connections, "ollama/llama3.2")).toMatchObject({ status: "available" });
  expect((await read(named("tokens=2"), {}, runtime)).text).toBe("You asked:");
  expect(await (await embedder(runtime, named())).embed(["lamp"], { purpose: "query" })).toHaveLength(1);
});

test("who is not let in by Access is told of it, and no token follows the redirection", async () => {
  const { error } = await read(named(), {}, gated({ CF_ACCESS_CLIENT_SECRET: "another" }));
  expect(classifyModelFailure(error)).toMatchObject({
    message: expect.stringMatching(/CF_ACCESS_CLIENT_SECRET/),
    retryable: false,
  });
});

test("calls nothing of a box but what is on the list", async () => {
  const runtime = withBox();
  for (const path of ["create", "push", "copy", "blobs/sha256:1", "../v1/models", "constructor"])
    await expect(boxFetch(connectionOf(runtime), runtime.env, { path: path as "chat" })).rejects.toThrow(/no call/);
});

test("an address that is no Ollama is told of", async () => {
  const { error } = await read(named(), {}, withBox({ OLLAMA_BASE_URL: `${standIn}/elsewhere` }));
  expect(classifyModelFailure(error).message).toMatch(/OLLAMA_BASE_URL/);
});

test("of a box that a workspace brought, its own connection is spoken of, and no variable of the server’s", async () => {
  const { config, env } = withBox();
  const at = standIn.replace("127.0.0.1", "localhost");
  const access = { "CF-Access-Client-Id": accessToken.id, "CF-Access-Client-Secret": "another" };
  const saidAt = async (path: string, headers?: Record<string, string>) => {
    const connection = ollama.connect(config, env, { address: at + path, headers }) as Connection;
    return String(await boxFetch(connection, env, { path: "chat", body: { model: "llama3.2" } }).catch(String));
  };
  for (const said of [await saidAt("/gated", access), await saidAt("/elsewhere")]) {
    expect(said).toMatch(/entered .*“Models”/);
    expect(said).not.toMatch(/OLLAMA_|CF_ACCESS/);
  }
});

test("is reached by the binding of Workers VPC where there is one", async () => {
  const hosts: string[] = [];
  const OLLAMA_VPC = {
    fetch(url: string, init: RequestInit) {
      hosts.push(new URL(url).host);
      return fetch(`${standIn}${new URL(url).pathname}`, init);
    },
  };
  const runtime = withBox({ OLLAMA_BASE_URL: "" }, { OLLAMA_VPC });
  expect((await read(named("tokens=2"), {}, runtime)).text).toBe("You asked:");
  expect(new Set(hosts)).toEqual(new Set(["localhost:11434"]));
  expect(connectionOf(runtime)).toMatchObject({ lane: "own", address: "OLLAMA_VPC" });
});

test.each([
  ["http://127.0.0.1:11434", "own"],
  ["https://box.example.com", "own"],
  ["https://ollama.com", "cloud"],
])("%s is %s", (address, lane) => {
  expect(connectionOf(withBox({ OLLAMA_BASE_URL: address })).lane).toBe(lane);
});

test("an address of OpenAI’s wire is taken for the box that it is of, and waited for as a box", () => {
  expect(connectionOf(withBox({ OLLAMA_BASE_URL: "https://box.example.com/v1/" }))).toMatchObject({
    address: "https://box.example.com",
    waits: { firstTokenMs: 300_000, stallMs: 45_000 },
  });
});

test("LLM_PROVIDER=ollama gives every job to the box, by what it has", async () => {
  const runtime = withBox({ LLM_PROVIDER: "ollama", VISION_MODEL: "" });
  const connections = installationConnections(runtime);
  expect(await defaultModelId(runtime, connections)).toBe("ollama/llama3.2");
  expect((await resolveEmbedder(runtime, connections, null)).id).toBe("ollama/nomic-embed-text");
  expect((await resolveVisionModel(runtime, connections))?.id).toBe("ollama/llava:7b");
});

test("vectors are of unit length, in batches, and of no text that was cut", async () => {
  const name = named("window=3000");
  const model = await embedder(withBox(), name);
  const texts = Array.from({ length: 70 }, (_, i) => `lamp ${i}`);
  const counts: unknown[] = [];
  const vectors = await model.embed(texts, { purpose: "document", onCounted: (counted) => counts.push(counted) });
  expect(vectors).toHaveLength(70);
  expect(counts).toEqual([32, 32, 6].map((promptTokens) => ({ promptTokens, completionTokens: 0 })));
  for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  const sent = await logged(name, "embed");
  expect(sent.map(({ body }) => [(body.input as string[]).length, body.truncate, body.options.num_ctx])).toEqual([
    [32, false, 3_000],
    [32, false, 3_000],
    [6, false, 3_000],
  ]);
  await expect(model.embed(["word ".repeat(3_100)], { purpose: "document" })).rejects.toThrow(/the model reads 3000/);
  const other = await embedder(withBox(), named("most=1000"));
  await expect(other.embed(["word ".repeat(1_100)], { purpose: "document" })).rejects.toThrow(/too long for the model/);
});

test("vectors keep the window of a model that is loaded, and a box that drops over them is noticed", async () => {
  const name = named("window=32000");
  const model = await embedder(withBox(), name);
  for (const words of [10, 6_000, 20]) await model.embed(["word ".repeat(words)], { purpose: "document" });
  const sent = await logged(name, "embed");
  expect(sent.map(({ body }) => body.options.num_ctx)).toEqual([4_096, 16_384, 16_384]);
  const dropped = await embedder(withBox(), named("deaf=1&first_ms=600000"));
  await expect(dropped.embed(["lamp"], { purpose: "document" })).rejects.toThrow(/does not answer/);
});

test("a model that the box passes on is known by its name before anything was listed", async () => {
  const runtime = withBox({ OLLAMA_BASE_URL: `${standIn}/gated` });
  const lanes = ["gpt-oss:120b-cloud", "minimax-m2:cloud", "llama3.2"].map(async (name) => {
    const found = await chatModelAt(runtime, installationConnections(runtime), `ollama/${name}`);
    return found?.info.lane;
  });
  expect(await Promise.all(lanes)).toEqual(["cloud", "cloud", "own"]);
  // Ollama passes it on by OpenAI's wire as well.
  const byOtherWire = withBox({ OPENAI_BASE_URL: `${standIn}/v1` });
  const found = await chatModelAt(byOtherWire, installationConnections(byOtherWire), "openai/gpt-oss:120b-cloud");
  expect(found?.info.lane).toBe("cloud");
});

test("what is bound to the owner’s machines reaches no model that leaves the box, whatever it is called", async () => {
  const runtime = withBox();
  const connections = bound(runtime);
  const listed = (await listModels(runtime, connections)).map(({ name }) => name);
  expect(listed).toContain("llama3.2");
  expect(listed).not.toContain("house-model");
  await expect(requireChosenModel(runtime, connections, "ollama/house-model")).rejects.toThrow(/no model/);
  for (const name of ["gpt-oss:120b-cloud", "house-model", named("remote=1")]) {
    // What is not known before is looked at before anything is said to it.
    const refused = /may not leave|bound to the owner’s own machines/;
    const answer = resolveChatModel(runtime, connections, `ollama/${name}`);
    await expect(answer.then(({ model }) => model.doStream({ prompt: asked("Secret") }))).rejects.toThrow(refused);
    const vectors = resolveEmbedder(runtime, connections, `ollama/${name}`);
    await expect(vectors.then((each) => each.embed(["Secret"], { purpose: "document" }))).rejects.toThrow(refused);
  }
  const response = await fetch(`${standIn}/_log?model=house-model`);
  const { data } = await response.json<{ data: { path: string }[] }>();
  expect(data.filter(({ path }) => path !== "show")).toEqual([]);
});
