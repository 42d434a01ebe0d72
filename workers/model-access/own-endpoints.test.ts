import { env } from "cloudflare:workers";
import { afterAll, describe, expect, inject, it, vi } from "vitest";
import { ask, openConversation } from "../chat/testing/turns.ts";
import { providersOf } from "../models/provider-list.ts";
import { parseConfig } from "../platform/config/config.ts";
import { createRuntime } from "../platform/runtime.ts";
import { call, jsonOf, makeClone, signUp, workspaceOf } from "../testing/client.ts";
import { changeElsewhere } from "../testing/elsewhere.ts";
import { goOn } from "../testing/held-model.ts";
import { takeLoggedErrors } from "../testing/logged-errors.ts";
import { connectionsOf } from "./connections.ts";
import { chatModelFor, listModelsFor } from "./workspace-models.ts";

const standInAt = inject("openaiStandIn");
/** The operator has allowed this host to workspaces, and no other of this machine. */
const allowed = standInAt.replace("127.0.0.1", "localhost");
const { url: site, canary } = inject("web");
const canaryHost = new URL(canary).host;
const server = { base_url: allowed, kind: "openai-compatible" };
const secret = "sk-lab-7319-Xylophone";

const put = (token: string, name: string, json: object) =>
  call("PUT", `/api/v1/provider-keys/${name}`, { token, json });
const check = (token: string, name: string) => call("POST", `/api/v1/provider-keys/${name}/check`, { token });

interface Refusal {
  detail: string;
  errors: { path: string; message: string }[];
}
const refusalOf = async (response: Promise<Response>) => jsonOf<Refusal & Record<string, unknown>>(await response, 422);

let orders = 0;
const named = (order: string) => `stand-in?${order}&of=own-${++orders}`;

/** What the stand-in was asked of a model. */
async function asked(name: string): Promise<{ authorization: string | null }[]> {
  const url = new URL("_log", standInAt.replace(/v1$/, ""));
  url.searchParams.set("model", name);
  return ((await (await fetch(url)).json()) as { data: { authorization: string | null }[] }).data;
}

const payer = async (token: string) => ({ workspaceId: await workspaceOf(token), privacy: null }) as const;

describe("a server of a workspace’s own", () => {
  it("answers for its workspace alone, by its own key and never the installation’s", async () => {
    const [ada, eve] = [await signUp("Ada"), await signUp("Eve")];
    const given = await jsonOf(await put(ada.token, "lab", { ...server, key: secret }), 200);
    expect(given).toEqual({
      provider: "lab",
      kind: "openai-compatible",
      base_url: allowed,
      ending: "hone",
      access_client_id: null,
      own: false,
      created_at: expect.any(String),
    });
    await jsonOf(await put(ada.token, "shed", server), 200);
    for (const [name, authorization] of [
      ["lab", `Bearer ${secret}`],
      ["shed", null],
    ]) {
      const model = named("reply=Hello");
      const conversation = await openConversation(ada.token);
      const said = { content: "Hi", model: `${name}/${model}` };
      await jsonOf(await ask(ada.token, conversation, said, "application/json"), 200);
      expect(await asked(model)).toMatchObject([{ authorization }]);
      const foreign = await ask(eve.token, await openConversation(eve.token), said, "application/json");
      expect(foreign.status).toBe(422);
      expect(await asked(model)).toHaveLength(1);
    }
    const idsOf = async (token: string) =>
      (await listModelsFor(createRuntime(env), await payer(token))).map(({ id }) => id);
    expect(await idsOf(ada.token)).toEqual(expect.arrayContaining(["lab/stand-in", "shed/stand-in"]));
    expect((await idsOf(eve.token)).filter((id) => /^(?:lab|shed)/.test(id))).toEqual([]);
    const [, listed] = (
      await jsonOf<{ data: unknown[] }>(await call("GET", "/api/v1/provider-keys", { token: ada.token }), 200)
    ).data;
    expect(listed).toMatchObject({ provider: "shed", ending: null });
    const { results } = await env.DB.prepare("SELECT * FROM provider_keys, workspace_keys").all();
    expect(JSON.stringify(results)).not.toContain("Xylophone");
  });

  it("is no other workspace’s of the same name, and is gone when it is removed", async () => {
    const [ada, eve] = [await signUp("Ada"), await signUp("Eve")];
    await jsonOf(await put(ada.token, "lab", { ...server, key: secret }), 200);
    await jsonOf(await put(eve.token, "lab", { ...server, key: "sk-of-eve-1234" }), 200);
    const model = named("reply=Hello");
    for (const { token } of [ada, eve])
      await ask(token, await openConversation(token), { content: "Hi", model: `lab/${model}` }, "application/json");
    expect((await asked(model)).map(({ authorization }) => authorization)).toEqual([
      `Bearer ${secret}`,
      "Bearer sk-of-eve-1234",
    ]);
    expect((await call("DELETE", "/api/v1/provider-keys/lab", { token: ada.token })).status).toBe(204);
    const clone = { json: { model: `lab/${model}` } };
    const { id } = await makeClone(ada.token);
    expect((await call("PATCH", `/api/v1/clones/${id}`, { token: ada.token, ...clone })).status).toBe(422);
    expect((await check(ada.token, "lab")).status).toBe(404);
    expect((await check(eve.token, "lab")).status).toBe(200);
  });

  it("streams, as any other", async () => {
    const { token } = await signUp();
    await jsonOf(await put(token, "lab", server), 200);
    const model = named("tokens=6&pause=2");
    const { model: chat, connection } = await chatModelFor(createRuntime(env), await payer(token), `lab/${model}`);
    expect(connection).toMatchObject({ payer: "workspace", isGuarded: true, lane: "own" });
    const { stream } = await chat.doStream({ prompt: [{ role: "user", content: [{ type: "text", text: "Hi" }] }] });
    let text = "";
    for await (const part of stream) {
      if (part.type !== "text-delta") continue;
      // The first word is here while the rest is not written yet.
      if (text === "") await goOn(`openai/${model}`);
      text += part.delta;
    }
    expect(text).toContain("word6");
  });

  it("is the owner’s own machine only where the operator allowed its host", async () => {
    const { token } = await signUp();
    await jsonOf(await put(token, "lab", server), 200);
    await jsonOf(await put(token, "far", { ...server, base_url: standInAt }), 200);
    expect(await jsonOf(await check(token, "lab"), 200)).toMatchObject({ lane: "own" });
    expect(await jsonOf(await check(token, "far"), 200)).toMatchObject({
      lane: "cloud",
      models: expect.arrayContaining(["stand-in"]),
    });
    const runtime = createRuntime(env);
    const bound = { ...(await payer(token)), privacy: "own" } as const;
    expect((await chatModelFor(runtime, bound, "lab/stand-in")).info.lane).toBe("own");
    await expect(chatModelFor(runtime, bound, "far/stand-in")).rejects.toThrow(/own machines/);
  });

  it("has a name that nothing else has, says what it is, and holds nothing that has no use", async () => {
    const { token } = await signUp();
    for (const [name, json, path] of [
      ["workers-ai", server, "provider"],
      ["rerank", server, "provider"],
      ["offline", server, "provider"],
      ["Lab", server, "provider"],
      ["openai", server, "kind"],
      ["lab", { base_url: allowed }, "kind"],
      ["lab", { kind: "openai-compatible", key: secret }, "base_url"],
      ["lab", { kind: "openai-compatible" }, "key"],
      ["lab", { ...server, own: true }, "own"],
      ["lab", { ...server, access_client_id: "id-of-token", access_client_secret: secret }, "access_client_id"],
      ["lab", { ...server, base_url: "ftp://localhost/v1" }, "base_url"],
      ["lab", { ...server, base_url: `${allowed}?key=1` }, "base_url"],
      ["ollama", { key: secret, base_url: allowed }, "key"],
      ["ollama", { base_url: allowed, access_client_id: "id-of-token" }, "access_client_secret"],
      ["gemini", { base_url: allowed }, "key"],
    ] as const) {
      const { errors } = await refusalOf(put(token, name, json));
      expect(errors, `${name} ${JSON.stringify(json)}`).toMatchObject([{ path }]);
    }
    expect(await jsonOf(await call("GET", "/api/v1/provider-keys", { token }), 200)).toMatchObject({ data: [] });
  });
});

describe("what a workspace brings is asked before it is kept", () => {
  it("and refused with the provider’s own sentence, at the field that it is about", async () => {
    const { token } = await signUp();
    const refusing = allowed.replace(/v1$/, "refusing/v1");
    const key = await refusalOf(put(token, "lab", { ...server, base_url: refusing, key: secret }));
    expect(key.errors).toMatchObject([{ path: "key", message: /Incorrect API key provided/ }]);
    expect(JSON.stringify(key)).not.toContain("Xylophone");
    const own = await refusalOf(put(token, "openai", { base_url: refusing, key: secret }));
    expect(own.errors).toMatchObject([{ path: "key" }]);
    const nobody = await refusalOf(put(token, "lab", { ...server, base_url: "http://localhost:9/v1" }));
    expect(nobody.errors).toMatchObject([{ path: "base_url", message: /cannot be reached/ }]);
    const stranger = await refusalOf(put(token, "ollama", { base_url: allowed }));
    expect(stranger.errors).toMatchObject([{ path: "base_url", message: /no Ollama/ }]);
    expect(await jsonOf(await call("GET", "/api/v1/provider-keys", { token }), 200)).toMatchObject({ data: [] });
  });
});

describe("an address of a workspace’s", () => {
  afterAll(async () => {
    expect(await (await fetch(`${site}/hits`)).json(), "what reached the canary").toEqual([]);
  });

  it("leads into no private network, by whatever name, for any provider", async () => {
    const { token } = await signUp();
    const port = new URL(canary).port;
    const inside = [
      "http://169.254.169.254/latest",
      `http://127.0.0.1:${port}/v1`,
      `http://2130706433:${port}/v1`,
      `http://[::1]:${port}/v1`,
      `http://a.localhost:${port}/v1`,
      `http://metadata.google.internal/v1`,
      `http://127-0-0-1.ip.example:${port}/v1`,
      `http://8-8-8-8.10-0-0-1.ip.example:${port}/v1`,
      `http://8.8.8.8:22/v1`,
      `http://ada:secret-word@8.8.8.8/v1`,
    ];
    for (const base_url of inside)
      for (const [name, json] of [
        ["lab", { kind: "openai-compatible" }],
        ["openai", { key: secret }],
        ["gemini", { key: secret }],
        ["anthropic", { key: secret }],
        ["openrouter", { key: secret }],
        ["ollama", {}],
      ] as const) {
        const { errors } = await refusalOf(put(token, name, { ...json, base_url }));
        expect(errors, `${name} at ${base_url}`).toMatchObject([{ path: "base_url" }]);
      }
    const { detail } = await refusalOf(put(token, "lab", { ...server, base_url: `http://127.0.0.1:${port}/v1` }));
    expect(detail).toMatch(/MODEL_HOSTS/);
  });

  it("is not followed to another one", async () => {
    const { token } = await signUp();
    for (const to of [canaryHost, new URL(allowed).host]) {
      const base_url = `${site}/away/${to}/v1`;
      const { errors } = await refusalOf(put(token, "lab", { ...server, base_url, key: secret }));
      expect(errors).toMatchObject([{ path: "base_url", message: /another one/ }]);
    }
  });

  it("is looked at again at every call, for every provider", async () => {
    const { token } = await signUp();
    await jsonOf(await put(token, "lab", { ...server, key: secret }), 200);
    const runtime = createRuntime(env);
    const workspace = await payer(token);
    await changeElsewhere(
      [`provider-keys:${workspace.workspaceId}`],
      `UPDATE provider_keys SET address = 'http://127-0-0-1.ip.example:${new URL(canary).port}/v1'`,
    );
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_100 });
    try {
      const conversation = await openConversation(token);
      const said = { content: "Hi", model: `lab/${named("reply=x")}` };
      const answer = await (await ask(token, conversation, said, "application/json")).text();
      expect(answer).toContain("MODEL_HOSTS");
      expect(JSON.stringify(takeLoggedErrors())).toContain("MODEL_HOSTS");
    } finally {
      vi.useRealTimers();
    }
    // What makes models of each provider takes the same road.
    const at = { apiKey: secret, address: `http://127.0.0.1:${new URL(canary).port}/v1` };
    const prompt = [{ role: "user" as const, content: [{ type: "text" as const, text: "Hi" }] }];
    for (const provider of providersOf(runtime.config).filter(({ takesOwn }) => takesOwn)) {
      const connection = provider.connect(runtime.config, env, at);
      if (!connection || !provider.chatModel) throw new Error(`${provider.name} is not reached.`);
      const model = provider.chatModel(connection, "a-model", env);
      const embedder = provider.embedder?.(connection, "a-model", env);
      const calls = [
        async () => model.doGenerate({ prompt }),
        async () => {
          for await (const part of (await model.doStream({ prompt })).stream)
            if (part.type === "error") throw part.error;
        },
        ...(embedder ? [() => embedder.embed(["Hi"], { purpose: "query" })] : []),
      ];
      for (const answer of calls) await expect(answer(), provider.name).rejects.toThrow(/MODEL_HOSTS/);
    }
  });
});

describe("a provider at a workspace’s own address", () => {
  const config = parseConfig({
    ...env,
    OPENAI_API_KEY: "sk-installation",
    GEMINI_API_KEY: "sk-installation",
    ANTHROPIC_API_KEY: "sk-installation",
    OPENROUTER_API_KEY: "sk-installation",
    OLLAMA_BASE_URL: "http://10.0.0.9:11434",
    CF_ACCESS_CLIENT_ID: "installation.access",
    CF_ACCESS_CLIENT_SECRET: "sk-installation",
  });
  const providers = providersOf(config).filter(({ takesOwn }) => takesOwn);

  it("gets nothing of the installation’s, and a key without an address goes where the installation goes", () => {
    for (const provider of providers) {
      const away = provider.connect(config, env, { address: "https://models.example.com/v1" });
      expect(JSON.stringify(away), provider.name).not.toContain("installation.access");
      expect(JSON.stringify(away), provider.name).not.toContain("sk-installation");
      if (provider.name === "ollama") continue;
      const [usual, paid] = [provider.connect(config, env), provider.connect(config, env, { apiKey: "sk-own" })];
      expect(paid, provider.name).toMatchObject({ address: usual?.address, apiKey: "sk-own", payer: "workspace" });
      expect(usual).toMatchObject({ payer: "installation" });
    }
  });

  it("is the owner’s own box behind a tunnel where its owner says so, and never Ollama’s cloud", () => {
    const ollama = providers.find(({ name }) => name === "ollama");
    const headers = { "CF-Access-Client-Id": "id", "CF-Access-Client-Secret": "s" };
    const laneAt = (address: string, isOwn: boolean) => ollama?.connect(config, env, { address, isOwn, headers })?.lane;
    expect(laneAt("https://gpu.example.com", true)).toBe("own");
    expect(laneAt("https://gpu.example.com", false)).toBe("cloud");
    expect(laneAt("http://localhost:11434/v1", false)).toBe("own");
    expect(laneAt("https://ollama.com", true)).toBe("cloud");
    expect(ollama?.connect(config, env, { address: "https://gpu.example.com/v1/", headers })).toMatchObject({
      address: "https://gpu.example.com",
      headers,
      isGuarded: true,
    });
  });
});

it("reads what a workspace has brought once for many calls, its servers among it", async () => {
  const { token } = await signUp();
  for (const name of ["lab", "shed"]) await jsonOf(await put(token, name, server), 200);
  const prepare = vi.fn((sql: string) => env.DB.prepare(sql));
  const db = new Proxy(env.DB, { get: (target, name) => (name === "prepare" ? prepare : Reflect.get(target, name)) });
  const runtime = createRuntime({ ...env, DB: db } as Env);
  const workspace = await payer(token);
  for (const id of ["lab/stand-in", "shed/stand-in", "openai/stand-in"]) await chatModelFor(runtime, workspace, id);
  const names = (await connectionsOf(runtime, workspace).providers()).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["lab", "shed", "openai", "ollama"]));
  expect(prepare).toHaveBeenCalledTimes(1);
});
