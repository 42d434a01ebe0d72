import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { call, jsonOf, signUp } from "../testing/client.ts";

const make = async (token: string, fields: Record<string, unknown> = {}) =>
  jsonOf<{ id: string; key: string }>(
    await call("POST", "/api/v1/api-keys", { token, json: { name: "CI", ...fields } }),
    201,
  );

describe("API keys", () => {
  it("act for their owner until they are ended, and are kept as a hash only", async () => {
    const { token } = await signUp();
    const { id, key } = await make(token);
    expect(key).toMatch(/^usk_[\w-]{43}$/);
    expect((await call("POST", "/api/v1/clones", { token: key, json: { name: "By key" } })).status).toBe(201);
    const stored = await env.DB.prepare("SELECT * FROM api_keys").all();
    expect(JSON.stringify(stored.results)).not.toContain(key.slice(10));
    const list = await jsonOf<{ data: { last_used_at: string }[] }>(
      await call("GET", "/api/v1/api-keys", { token }),
      200,
    );
    expect(list.data).toEqual([expect.not.objectContaining({ key: expect.anything() })]);
    expect(Date.now() - Date.parse(list.data[0]?.last_used_at ?? "")).toBeLessThan(60_000);
    expect((await call("DELETE", `/api/v1/api-keys/${id}`, { token })).status).toBe(204);
    expect((await call("GET", "/api/v1/clones", { token: key })).status).toBe(401);
    expect((await call("DELETE", `/api/v1/api-keys/${id}`, { token })).status).toBe(404);
  });

  it("do only what their scopes allow", async () => {
    const { token } = await signUp();
    const { key } = await make(token, { scopes: ["read"] });
    expect((await call("GET", "/api/v1/clones", { token: key })).status).toBe(200);
    const refused = await jsonOf(await call("POST", "/api/v1/clones", { token: key, json: { name: "X" } }), 403);
    expect(refused.detail).toContain("“write”");
    expect((await call("GET", "/api/v1/conversations", { token: key })).status).toBe(403);
  });

  it("cannot make, list or end keys", async () => {
    const { token } = await signUp();
    const { id, key } = await make(token);
    expect((await call("POST", "/api/v1/api-keys", { token: key, json: { name: "More" } })).status).toBe(403);
    expect((await call("GET", "/api/v1/api-keys", { token: key })).status).toBe(403);
    expect((await call("DELETE", `/api/v1/api-keys/${id}`, { token: key })).status).toBe(403);
  });

  it("are nobody else’s to end, and end by themselves", async () => {
    const [ada, bob] = [await signUp("Ada"), await signUp("Bob")];
    const { id } = await make(ada.token);
    expect((await call("DELETE", `/api/v1/api-keys/${id}`, { token: bob.token })).status).toBe(404);
    const past = await call("POST", "/api/v1/api-keys", {
      token: ada.token,
      json: { name: "X", expires_at: "2001-01-01T00:00:00Z" },
    });
    expect(past.status).toBe(422);
    const { key } = await make(ada.token, { expires_at: new Date(Date.now() + 60_000).toISOString() });
    await env.DB.prepare("UPDATE api_keys SET expires_at = 1 WHERE expires_at IS NOT NULL").run();
    expect((await call("GET", "/api/v1/clones", { token: key })).status).toBe(401);
  });
});
