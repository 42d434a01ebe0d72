import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import { standIn } from "../chat/testing/turns.ts";
import { createRuntime, type Runtime } from "../platform/runtime.ts";
import { call, jsonOf, signUp } from "../testing/client.ts";
import type { ModelUse, Payer } from "./use.ts";
import { chatModelFor, embedderFor, rerankerFor } from "./workspace-models.ts";

async function workspaceWithKey(key: string): Promise<Payer> {
  const { token } = await signUp(key);
  await jsonOf(await call("PUT", "/api/v1/provider-keys/openai", { token, json: { key } }), 200);
  const me = await jsonOf<{ workspace_id: string }>(await call("GET", "/api/v1/me", { token }), 200);
  return { workspaceId: me.workspace_id, privacy: null };
}

/** A runtime, and how many statements it has asked its database for. */
function counted(): { runtime: Runtime; statements: () => number } {
  const prepare = vi.fn((sql: string) => env.DB.prepare(sql));
  const db = new Proxy(env.DB, { get: (target, name) => (name === "prepare" ? prepare : Reflect.get(target, name)) });
  return { runtime: createRuntime({ ...env, DB: db } as Env), statements: () => prepare.mock.calls.length };
}

const useOf = (payer: Payer): ModelUse => ({
  ...payer,
  purpose: "embedding",
  ...{ userId: null, keyId: null, cloneId: null, conversationId: null, turnId: null },
});

it("looks for a key when a provider is reached, and once for many calls", async () => {
  const workspace = await workspaceWithKey("sk-own-7319-1");
  const { runtime, statements } = counted();
  expect((await chatModelFor(runtime, workspace, "offline/extractive")).info.offline).toBe(true);
  expect((await embedderFor(runtime, useOf(workspace), "offline/hash")).id).toBe("offline/hash");
  expect(await rerankerFor(runtime, useOf(workspace), null)).toBeNull();
  expect(statements()).toBe(0);
  await chatModelFor(runtime, workspace, standIn("reply=x"));
  await embedderFor(runtime, useOf(workspace), "openai/stand-in-embedding");
  expect(statements()).toBe(1);
});

it("keeps a model ready for whoever pays by one key, and for nobody else", async () => {
  const [ada, eve] = [await workspaceWithKey("sk-own-7319-1"), await workspaceWithKey("sk-own-7319-2")];
  const model = standIn("reply=x");
  const { model: first } = await chatModelFor(createRuntime(env), ada, model);
  // Another request has a runtime of its own, and a Worker's new environment a configuration of its own.
  expect((await chatModelFor(createRuntime({ ...env }), ada, model)).model).toBe(first);
  expect((await chatModelFor(createRuntime(env), eve, model)).model).not.toBe(first);
});
