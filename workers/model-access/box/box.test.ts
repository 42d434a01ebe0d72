import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, inject, test } from "vitest";
import { api } from "../../api.ts";
import { auditOf } from "../../audit/testing/audit.ts";
import { ollama } from "../../models/box.ts";
import { createRuntime } from "../../platform/runtime.ts";
import { addMember, jsonOf, call as request, signUp, workspaceOf } from "../../testing/client.ts";
import { enterBox } from "./enter-box.ts";

const standIn = inject("ollamaStandIn");

interface Asked {
  token: string;
  json?: object;
  workspace?: string;
  variables?: Record<string, string>;
}

/** Calls an installation that has the stand-in as its box. */
async function call(method: string, path: string, { token, json, workspace, variables = {} }: Asked) {
  const headers = new Headers({ Authorization: `Bearer ${token}` });
  if (json) headers.set("Content-Type", "application/json");
  if (workspace) headers.set("X-Workspace-Id", workspace);
  const body = json ? { body: JSON.stringify(json) } : {};
  const request = new Request(`http://localhost:8787/api/v1/ollama${path}`, { method, headers, ...body });
  const bindings = { ...env, OLLAMA_BASE_URL: standIn, ...variables } as Env;
  return api.fetch(request, bindings, createExecutionContext());
}

const logged = async (model: string, outcome: string) => {
  const response = await fetch(`${standIn}/_log?${new URLSearchParams({ model, outcome })}`);
  return (await response.json<{ data: { path: string }[] }>()).data;
};

/** The events of a stream, by name and data. */
const eventsIn = (text: string) =>
  [...text.matchAll(/event: (\w+)\ndata: (.*)\n/g)].map(([, event, data = ""]) => ({ event, data: JSON.parse(data) }));

test("says what the box has", async () => {
  const { token } = await signUp();
  const { configured, found, data } = await jsonOf<{ configured: boolean; found: null; data: { name: string }[] }>(
    await call("GET", "/models", { token }),
    200,
  );
  expect([configured, found]).toEqual([true, null]);
  expect(data.find(({ name }) => name === "qwen3:8b")).toEqual({
    id: "ollama/qwen3:8b",
    name: "qwen3:8b",
    size_bytes: 4_700_000_000,
    family: "qwen3",
    parameters: "8.0B",
    quantization: "Q4_K_M",
    context_window: 40_960,
    chat: true,
    vision: false,
    tools: true,
    thinking: true,
    remote: false,
  });
  expect(data.find(({ name }) => name === "house-model")).toMatchObject({ remote: true });
});

test("says where an Ollama was found that nobody set up, and sends nothing there", async () => {
  const { token } = await signUp();
  const variables = { OLLAMA_BASE_URL: "", OLLAMA_FOUND: "http://127.0.0.1:1" };
  const answer = await jsonOf(await call("GET", "/models", { token, variables }), 200);
  expect(answer).toEqual({ configured: false, payer: null, may_change: false, found: "http://127.0.0.1:1", data: [] });
  expect(await jsonOf(await call("GET", "/ps", { token, variables }), 200)).toEqual({
    data: [],
    line: { working: 0, waiting: 0 },
  });
  const refused = await jsonOf(await call("POST", "/pull", { token, json: { model: "m" }, variables }), 404);
  expect(refused.detail).toMatch(/OLLAMA_BASE_URL/);
});

test("a box that is off is said to be", async () => {
  const { token } = await signUp();
  const off = await jsonOf(
    await call("GET", "/models", { token, variables: { OLLAMA_BASE_URL: "http://127.0.0.1:1" } }),
    503,
  );
  expect(off).toMatchObject({ code: "model_unavailable", detail: expect.stringMatching(/does not answer/) });
});

test("loads a model beforehand, and says what is loaded, with what it takes and until when", async () => {
  const { token } = await signUp();
  const model = "stand-in?vram=half&box=1";
  const warmed = await jsonOf(await call("POST", "/warm", { token, json: { model } }), 200);
  expect(warmed).toMatchObject({ size_bytes: 6e9, vram_bytes: 3e9, context_window: 4_096 });
  expect(Date.parse(String(warmed.expires_at))).toBeGreaterThan(Date.now());
  const { data } = await jsonOf<{ data: { name: string }[] }>(await call("GET", "/ps", { token }), 200);
  expect(data).toContainEqual(warmed);
  const embedder = { token, json: { model: "nomic-embed-text" }, variables: { OLLAMA_KEEP_ALIVE: "-1" } };
  expect(await jsonOf(await call("POST", "/warm", embedder), 200)).toMatchObject({
    context_window: 2_048,
    expires_at: null,
  });
  const absent = await jsonOf(await call("POST", "/warm", { token, json: { model: "absent" } }), 503);
  expect(absent.detail).toMatch(/ollama pull absent/);
});

test("fetches a model, tells how far it is, and deletes it again; the log tells of both", async () => {
  const { token } = await signUp();
  const pulled = await call("POST", "/pull", { token, json: { model: "smollm2:135m" } });
  expect(pulled.headers.get("Content-Type")).toContain("text/event-stream");
  const events = eventsIn(await pulled.text());
  expect(events[0]).toEqual({ event: "progress", data: { status: "pulling manifest" } });
  expect(events[2]).toMatchObject({ event: "progress", data: { total: 1_000, completed: 500 } });
  expect(events.at(-1)).toEqual({ event: "done", data: { model: "smollm2:135m", id: "ollama/smollm2:135m" } });
  const names = async () =>
    (await jsonOf<{ data: { name: string }[] }>(await call("GET", "/models", { token }), 200)).data.map(
      ({ name }) => name,
    );
  expect(await names()).toContain("smollm2:135m");
  expect((await call("DELETE", "/models/smollm2:135m", { token })).status).toBe(204);
  expect(await names()).not.toContain("smollm2:135m");
  expect((await call("DELETE", "/models/smollm2:135m", { token })).status).toBe(404);
  const told = (await auditOf(token)).filter(({ action }) => action.startsWith("model."));
  expect(told.map(({ action, resource }) => [action, resource?.id])).toEqual([
    ["model.pulled", "ollama/smollm2:135m"],
    ["model.deleted", "ollama/smollm2:135m"],
  ]);
});

test("tells of a pull that fails, and of one that breaks off", async () => {
  const { token } = await signUp();
  const missing = await call("POST", "/pull", { token, json: { model: "stand-in?fault=missing&box=2" } });
  expect(eventsIn(await missing.text()).at(-1)).toMatchObject({
    event: "error",
    data: { error: expect.stringMatching(/file does not exist/), code: "MODEL_UNAVAILABLE" },
  });
  const broken = await call("POST", "/pull", { token, json: { model: "stand-in?fault=end&box=3" } });
  expect(eventsIn(await broken.text()).at(-1)).toMatchObject({ event: "error" });
});

test("whoever leaves a pull ends it", async () => {
  const { token } = await signUp();
  const model = "stand-in?pause=2&box=4";
  const { body } = await call("POST", "/pull", { token, json: { model } });
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  await reader.cancel();
  expect(await logged(model, "aborted")).toHaveLength(1);
});

test("changing what the box has is for owners where nobody runs the installation, else for whoever does", async () => {
  const ada = await signUp("Ada");
  const workspace = await workspaceOf(ada.token);
  const member = await addMember({ workspaceId: workspace }, "member");
  const warm = (token: string, where?: string) =>
    call("POST", "/warm", { token, json: { model: "llama3.2" }, ...(where ? { workspace: where } : {}) });
  expect((await warm(ada.token)).status).toBe(200);
  expect((await warm(member.token, workspace)).status).toBe(403);
  expect((await call("GET", "/models", { token: member.token, workspace })).status).toBe(200);
  const root = await signUp("Root");
  await env.DB.prepare("UPDATE users SET platform_role = 'super_admin' WHERE id = ?").bind(root.userId).run();
  const refused = await jsonOf(await warm(ada.token), 403);
  expect(refused.detail).toMatch(/whoever runs the installation/);
  expect((await warm(root.token)).status).toBe(200);
  const mayChange = async (token: string, where?: string) =>
    (await jsonOf(await call("GET", "/models", { token, ...(where ? { workspace: where } : {}) }), 200)).may_change;
  expect([await mayChange(ada.token), await mayChange(root.token)]).toEqual([false, true]);

  // What a workspace brought is its owners', whoever runs the installation.
  const brought = await request("PUT", "/api/v1/provider-keys/ollama", {
    token: ada.token,
    json: { base_url: standIn.replace("127.0.0.1", "localhost"), own: true },
  });
  expect(brought.status).toBe(200);
  expect((await warm(ada.token)).status).toBe(200);
  expect((await warm(member.token, workspace)).status).toBe(403);
  expect([await mayChange(ada.token), await mayChange(member.token, workspace)]).toEqual([true, false]);
  expect(await jsonOf(await call("GET", "/models", { token: ada.token }), 200)).toMatchObject({ payer: "workspace" });
});

test("says for how many the box is at work, and how many wait", async () => {
  const { token } = await signUp();
  const line = async () => (await jsonOf<{ line: object }>(await call("GET", "/ps", { token }), 200)).line;
  expect(await line()).toEqual({ working: 0, waiting: 0 });
  const runtime = createRuntime({ ...env, OLLAMA_BASE_URL: standIn } as Env);
  const box = ollama.connect(runtime.config, runtime.env, undefined);
  if (!box) throw new Error("There is no box.");
  const ask = { model: "llama3.2", urgency: "person", cloneId: null } as const;
  const { signal } = new AbortController();
  const first = await enterBox(runtime, box, ask, { signal });
  const { promise: waits, resolve } = Promise.withResolvers<unknown>();
  const second = enterBox(runtime, box, ask, { signal, onPlace: resolve });
  await waits;
  expect(await line()).toEqual({ working: 1, waiting: 1 });
  first.release();
  (await second).release();
});

test("a name that is none is refused", async () => {
  const { token } = await signUp();
  for (const model of ["", "two words", "x".repeat(201)])
    expect((await call("POST", "/pull", { token, json: { model } })).status).toBe(422);
});
