import { env } from "cloudflare:workers";
import { base64url } from "jose";
import { describe, expect, inject, it, vi } from "vitest";
import { ask, openConversation, standIn } from "../chat/testing/turns.ts";
import worker from "../index.ts";
import { forgetHere } from "../platform/changes/remembered.ts";
import { createRuntime } from "../platform/runtime.ts";
import { sealSecret } from "../platform/secrets/secret-box.ts";
import { call, jsonOf, makeClone, signUp } from "../testing/client.ts";
import { changeElsewhere } from "../testing/elsewhere.ts";
import { takeLoggedErrors } from "../testing/logged-errors.ts";
import { ownOf } from "./own-connections.ts";

const secret = "sk-workspace-own-7319-Xylophone";
const path = "/api/v1/provider-keys/openai";
const give = (token: string, key = secret) => call("PUT", path, { token, json: { key } });

/** With which key the stand-in was asked for an answer. */
async function keyUsed(token: string, conversation: string, model = standIn("reply=Hello")): Promise<string | null> {
  await jsonOf(await ask(token, conversation, { content: "Hi", model }, "application/json"), 200);
  const url = new URL("_log", inject("openaiStandIn").replace(/v1$/, ""));
  url.searchParams.set("model", model.slice("openai/".length));
  const { data } = (await (await fetch(url)).json()) as { data: { authorization: string | null }[] };
  return data[0]?.authorization ?? null;
}

const boxIn = (table: "provider_keys" | "workspace_keys", row: string) =>
  env.DB.prepare(`SELECT box FROM ${table} WHERE id = ?`).bind(row).first<string>("box");

const freshKey = () => `fresh:${base64url.encode(crypto.getRandomValues(new Uint8Array(32)))}`;

/** An installation that changes its master key. */
const rotating = (fresh: string) =>
  ({ ...env, MASTER_KEYS: `${fresh},${(env as unknown as { MASTER_KEYS: string }).MASTER_KEYS}` }) as Env;

const workspaceOf = async (token: string) =>
  (await jsonOf<{ workspaces: [{ id: string }] }>(await call("GET", "/api/v1/me", { token }), 200)).workspaces[0].id;

describe("a workspace’s own key", () => {
  it("pays for its answers and vectors, nobody else’s, and is never shown again", async () => {
    const [ada, eve] = [await signUp("Ada"), await signUp("Eve")];
    const given = await jsonOf(await give(ada.token), 200);
    expect(given).toEqual({
      provider: "openai",
      kind: null,
      base_url: null,
      ending: "hone",
      access_client_id: null,
      own: false,
      created_at: expect.any(String),
    });
    const listed = await jsonOf(await call("GET", "/api/v1/provider-keys", { token: ada.token }), 200);
    expect(listed).toEqual({ data: [given], next_cursor: null });
    expect(await keyUsed(ada.token, await openConversation(ada.token))).toBe(`Bearer ${secret}`);
    expect(await keyUsed(eve.token, await openConversation(eve.token))).toBeNull();
    // Who asks a public clone is answered at the cost of its workspace.
    const clone = await makeClone(ada.token, { visibility: "public" });
    expect(await keyUsed(eve.token, await openConversation(eve.token, { clone_id: clone.id }))).toBe(
      `Bearer ${secret}`,
    );
    const { results } = await env.DB.prepare("SELECT * FROM provider_keys").all();
    expect(results).toHaveLength(1);
    expect(JSON.stringify(results)).not.toContain("Xylophone");
  });

  it("is replaced and forgotten, and counts no more within three seconds", async () => {
    const { token } = await signUp();
    await give(token);
    await give(token, "sk-another-one");
    const conversation = await openConversation(token);
    expect(await keyUsed(token, conversation)).toBe("Bearer sk-another-one");
    expect((await call("DELETE", path, { token })).status).toBe(204);
    expect((await call("DELETE", path, { token })).status).toBe(404);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_100 });
    try {
      expect(await keyUsed(token, conversation)).toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });

  it("counts no more within three seconds where another process forgot it", async () => {
    const { token } = await signUp();
    await give(token);
    const conversation = await openConversation(token);
    expect(await keyUsed(token, conversation)).toBe(`Bearer ${secret}`);
    await changeElsewhere([`provider-keys:${await workspaceOf(token)}`], "DELETE FROM provider_keys");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_100 });
    try {
      expect(await keyUsed(token, conversation)).toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });

  it("does not open in another workspace: a moved row answers nobody", async () => {
    const [ada, eve] = [await signUp("Ada"), await signUp("Eve")];
    await give(ada.token);
    // That the key was opened for its own workspace a moment ago opens it for no other.
    expect(await keyUsed(ada.token, await openConversation(ada.token))).toBe(`Bearer ${secret}`);
    const [from, to] = [await workspaceOf(ada.token), await workspaceOf(eve.token)];
    await env.DB.prepare("UPDATE provider_keys SET id = ?, workspace_id = ? WHERE workspace_id = ?")
      .bind(`${to}/openai`, to, from)
      .run();
    const conversation = await openConversation(eve.token);
    const answer = await ask(eve.token, conversation, { content: "Hi", model: standIn("reply=x") }, "application/json");
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain("Xylophone");
    expect(JSON.stringify(takeLoggedErrors())).toContain("does not open");
  });

  it("is kept by owners and admins in a session, and has to look like one", async () => {
    const { token, userId } = await signUp();
    const made = await call("POST", "/api/v1/api-keys", { token, json: { name: "k" } });
    const { key } = await jsonOf<{ key: string }>(made, 201);
    expect((await give(key)).status).toBe(403);
    expect((await call("PUT", "/api/v1/provider-keys/other", { token, json: { key: secret } })).status).toBe(422);
    for (const wrong of ["", "short", "with a space in it", "x".repeat(501), "tab\there-and-there"])
      expect((await give(token, wrong)).status, wrong).toBe(422);
    await changeElsewhere([`user:${userId}`], "UPDATE members SET role = 'member'");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_100 });
    try {
      expect((await give(token)).status).toBe(403);
    } finally {
      vi.useRealTimers();
    }
  });

  it("gets a new master key by the cron, while the product runs", async () => {
    const { token } = await signUp();
    await give(token);
    const workspace = await workspaceOf(token);
    const fresh = freshKey();
    const sealed = await boxIn("provider_keys", `${workspace}/openai`);
    await worker.scheduled({ cron: "* * * * *" } as ScheduledController, rotating(fresh));
    // The workspace's key alone is closed anew; what is under it stays as it is.
    expect(await boxIn("workspace_keys", workspace)).toMatch(/^v1\.fresh\./);
    expect(await boxIn("provider_keys", `${workspace}/openai`)).toBe(sealed);
    forgetHere([`provider-keys:${workspace}`]);
    const [own] = await ownOf(createRuntime({ ...env, MASTER_KEYS: fresh } as Env), workspace);
    expect(own?.open().apiKey).toBe(secret);
  });

  it("opens as it was stored before workspaces had keys, and gets a new master key like any other", async () => {
    const { token } = await signUp();
    const workspace = await workspaceOf(token);
    const row = `${workspace}/openai`;
    const place = { table: "provider_keys", row, column: "box" };
    const box = await sealSecret(createRuntime(env).config, place, secret);
    await env.DB.prepare(
      "INSERT INTO provider_keys (id, workspace_id, provider, box, ending, created_by, created_at) VALUES (?, ?, 'openai', ?, 'hone', 'u', 1)",
    )
      .bind(row, workspace, box)
      .run();
    expect(await keyUsed(token, await openConversation(token))).toBe(`Bearer ${secret}`);
    const fresh = freshKey();
    await worker.scheduled({ cron: "* * * * *" } as ScheduledController, rotating(fresh));
    expect(await boxIn("provider_keys", row)).toMatch(/^v1\.fresh\./);
    forgetHere([`provider-keys:${workspace}`]);
    const [own] = await ownOf(createRuntime({ ...env, MASTER_KEYS: fresh } as Env), workspace);
    expect(own?.open().apiKey).toBe(secret);
  });
});
