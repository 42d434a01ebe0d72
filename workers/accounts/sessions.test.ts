import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { Relying } from "../platform/changes/relying.ts";
import { forgetHere } from "../platform/changes/remembered.ts";
import { createRuntime } from "../platform/runtime.ts";
import { call, jsonOf, signUp } from "../testing/client.ts";
import { readApiKey } from "./api-keys.ts";
import { findSession } from "./read-session.ts";
import { deviceName } from "./session/device-name.ts";
import { sweepAccounts } from "./sweep.ts";

interface Entry {
  id: string;
  current: boolean;
  device: string;
  last_used_at: string;
}

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const list = async (token: string) =>
  (await jsonOf<{ data: Entry[] }>(await call("GET", "/api/v1/auth/sessions", { token }), 200)).data;
const me = async (token: string) => (await call("GET", "/api/v1/me", { token })).status;
const signIn = async ({ email, password }: { email: string; password: string }, headers = {}) =>
  (
    await jsonOf<{ access_token: string }>(
      await call("POST", "/api/v1/auth/login", { json: { email, password }, headers }),
      200,
    )
  ).access_token;

/** A runtime whose updates of rows wait until they are released; `release` resolves when they are done. */
function withHeldUpdates() {
  const held: (() => Promise<unknown>)[] = [];
  const prepare = (query: string) => {
    const statement = env.DB.prepare(query);
    if (!query.startsWith("update")) return statement;
    const run = (bound: D1PreparedStatement) =>
      new Promise((resolve, reject) => held.push(() => bound.run().then(resolve, reject)));
    return { bind: (...values: unknown[]) => ({ run: () => run(statement.bind(...values)) }) };
  };
  const DB = new Proxy(env.DB, {
    get: (target, name) => (name === "prepare" ? prepare : Reflect.get(target, name).bind(target)),
  });
  const release = async () => {
    for (const go of held) await go();
    return held.length;
  };
  return { runtime: createRuntime({ ...env, DB }), release };
}

describe("sessions", () => {
  it("are listed with what their device calls itself, and ended one by one or all at once", async () => {
    const ada = await signUp();
    const [laptop, phone] = [await signIn(ada, { "User-Agent": firefox }), await signIn(ada)];
    const all = await list(laptop);
    expect(all).toHaveLength(3);
    expect(all[0]).toMatchObject({ current: true, device: "Firefox on Linux" });
    const hers = (await list(phone)).find(({ current }) => current);
    expect((await call("DELETE", `/api/v1/auth/sessions/${hers?.id}`, { token: laptop })).status).toBe(204);
    expect([await me(phone), await me(laptop), await me(ada.token)]).toEqual([401, 200, 200]);
    expect((await call("DELETE", "/api/v1/auth/sessions", { token: laptop })).status).toBe(204);
    expect([await me(laptop), await me(ada.token)]).toEqual([200, 401]);
    expect(await list(laptop)).toHaveLength(1);
  });

  it("are nobody else’s to see or end, and not a key’s", async () => {
    const [ada, eve] = [await signUp("Ada"), await signUp("Eve")];
    const [hers] = await list(ada.token);
    expect((await call("DELETE", `/api/v1/auth/sessions/${hers?.id}`, { token: eve.token })).status).toBe(404);
    expect(await me(ada.token)).toBe(200);
    const made = await call("POST", "/api/v1/api-keys", { token: ada.token, json: { name: "CI" } });
    const { key } = await jsonOf<{ key: string }>(made, 201);
    expect((await call("GET", "/api/v1/auth/sessions", { token: key })).status).toBe(401);
  });

  it("say when they were used last, at most a minute late", async () => {
    const { token } = await signUp();
    await me(token);
    const used = await env.DB.prepare("SELECT last_used_at FROM sessions").first<number>("last_used_at");
    expect(Date.now() - (used ?? 0)).toBeLessThan(60_000);
  });

  it("are found while that is still being written", async () => {
    const { token, userId } = await signUp();
    const { id, key } = await jsonOf<{ id: string; key: string }>(
      await call("POST", "/api/v1/api-keys", { token, json: { name: "CI", scopes: ["read"] } }),
      201,
    );
    await env.DB.prepare("UPDATE sessions SET last_used_at = 1").run();
    const { runtime, release } = withHeldUpdates();
    forgetHere([`user:${userId}`]);
    expect(await findSession(runtime, { kind: "bearer", token })).toMatchObject({ user: { id: userId } });
    expect(await readApiKey(runtime, key, new Relying())).toMatchObject({ id });
    expect(await release()).toBe(2);
    for (const table of ["sessions", "api_keys"])
      expect(await env.DB.prepare(`SELECT last_used_at FROM ${table}`).first("last_used_at")).toBeGreaterThan(1);
  });

  it("are removed by the cron once they are over, with their tokens", async () => {
    const [ada, eve] = [await signUp("Ada"), await signUp("Eve")];
    await env.DB.prepare("UPDATE sessions SET expires_at = 1 WHERE user_id = ?").bind(ada.userId).run();
    await sweepAccounts(createRuntime(env));
    const left = await env.DB.prepare(
      "SELECT s.user_id FROM sessions s JOIN refresh_tokens r ON r.session_id = s.id",
    ).all();
    expect(left.results).toEqual([{ user_id: eve.userId }]);
    expect(await env.DB.prepare("SELECT count(*) AS n FROM refresh_tokens").first("n")).toBe(1);
    expect(await me(eve.token)).toBe(200);
  });

  it("let a suspended person neither in nor go on", async () => {
    const { email, password, token } = await signUp();
    const tokens = await jsonOf<{ refresh_token: string }>(
      await call("POST", "/api/v1/auth/login", { json: { email, password } }),
      200,
    );
    await env.DB.prepare("UPDATE users SET suspended_at = 1").run();
    expect((await call("GET", "/api/v1/auth/sessions", { token })).status).toBe(403);
    expect((await call("POST", "/api/v1/auth/login", { json: { email, password } })).status).toBe(403);
    const { refresh_token } = tokens;
    expect((await call("POST", "/api/v1/auth/refresh", { json: { refresh_token } })).status).toBe(401);
    expect((await call("POST", "/api/v1/auth/login", { json: { email, password: "a wrong one" } })).status).toBe(401);
  });
});

describe("a device’s name", () => {
  it.each([
    [firefox, "Firefox on Linux"],
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
      "Edge on Windows",
    ],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
      "Safari on iOS",
    ],
    ["curl/8.5.0", "curl"],
    ["<script>", "Unknown device"],
    [null, "Unknown device"],
  ])("of %s", (agent, name) => expect(deviceName(agent)).toBe(name));
});
