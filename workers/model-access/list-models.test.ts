import { env } from "cloudflare:workers";
import { describe, expect, inject, it } from "vitest";
import type { ModelList } from "../models/contract.ts";
import { addMember, call, jsonOf, makeClone, signUp, workspaceOf } from "../testing/client.ts";

const allowed = inject("openaiStandIn").replace("127.0.0.1", "localhost");
const server = { base_url: allowed, kind: "openai-compatible" };
const path = "/api/v1/models";

const bring = (token: string, name: string, json: object = server) =>
  call("PUT", `/api/v1/provider-keys/${name}`, { token, json });
const list = async (options: Parameters<typeof call>[2] = {}, query = "") =>
  jsonOf<ModelList>(await call("GET", path + query, options), 200);
const own = async (options: Parameters<typeof call>[2] = {}) =>
  (await list(options)).data.filter(({ payer }) => payer === "workspace");

async function visitorOf(token: string): Promise<string> {
  const { slug } = await makeClone(token, { visibility: "public" });
  const made = await call("POST", "/api/v1/visitors", { json: { clone: slug } });
  return (await jsonOf<{ visitor_token: string }>(made, 201)).visitor_token;
}

describe("the list of models", () => {
  it("has what a workspace brought for its people and their keys, and for nobody else", async () => {
    const [ada, eve] = [await signUp("Ada"), await signUp("Eve")];
    await jsonOf(await bring(ada.token, "lab"), 200);
    const { key } = await jsonOf<{ key: string }>(
      await call("POST", "/api/v1/api-keys", { token: ada.token, json: { name: "Mine" } }),
      201,
    );
    const workspaceId = await workspaceOf(ada.token);
    const viewer = await addMember({ workspaceId }, "viewer");
    const inAda = { "X-Workspace-Id": workspaceId };
    for (const options of [{ token: ada.token }, { token: key }, { token: viewer.token, headers: inAda }])
      expect((await own(options)).map(({ id }) => id)).toContain("lab/stand-in");
    const status = (token?: string) => call("GET", `${path}/lab/stand-in/status`, { token });
    expect(await jsonOf(await status(ada.token), 200)).toMatchObject({ id: "lab/stand-in", status: "available" });

    const visitor = await visitorOf(ada.token);
    for (const options of [{}, { token: eve.token }, { token: visitor }]) {
      expect(await own(options)).toEqual([]);
      expect((await list(options)).data.map(({ id }) => id)).toContain("openai/stand-in");
      expect((await status(options.token)).status).toBe(404);
    }
    expect((await call("GET", path, { token: eve.token, headers: inAda })).status).toBe(404);
  });

  it("says whose machine, whose key and which price each model has", async () => {
    const { token } = await signUp();
    await jsonOf(await bring(token, "lab"), 200);
    await jsonOf(await bring(token, "far", { ...server, base_url: inject("openaiStandIn") }), 200);
    const { data } = await list({ token });
    const found = (id: string) => data.find((model) => model.id === id);
    expect(found("lab/stand-in")).toMatchObject({ lane: "own", payer: "workspace", price: { input: 0, output: 0 } });
    expect(found("far/stand-in")).toMatchObject({ lane: "cloud", payer: "workspace", price: null });
    expect(found("openai/stand-in")).toMatchObject({ lane: "own", payer: "installation" });
    expect(found("offline/extractive")).toMatchObject({ lane: "offline", payer: null, status: "available" });
  });

  it("refuses a credential that is not valid, and takes back what somebody lost", async () => {
    const ada = await signUp("Ada");
    await jsonOf(await bring(ada.token, "lab"), 200);
    for (const token of ["understudy-no-such-token", `${ada.token.slice(0, -4)}AAAA`])
      expect((await call("GET", path, { token })).status).toBe(401);
    const workspaceId = await workspaceOf(ada.token);
    const member = await addMember({ workspaceId }, "member");
    const headers = { "X-Workspace-Id": workspaceId };
    expect(await own({ token: member.token, headers })).not.toEqual([]);
    const place = `/api/v1/workspaces/${workspaceId}/members/${member.userId}`;
    expect((await call("DELETE", place, { token: ada.token })).status).toBe(204);
    expect((await call("GET", path, { token: member.token, headers })).status).toBe(404);
  });

  it("names who could not say what they have, and goes on with all others", async () => {
    const { token } = await signUp();
    for (const name of ["lab", "shed", "attic"]) await jsonOf(await bring(token, name), 200);
    await env.DB.batch([
      env.DB.prepare("UPDATE provider_keys SET address = 'http://localhost:9/v1' WHERE provider = 'lab'"),
      env.DB.prepare("UPDATE provider_keys SET box = 'v1.damaged' WHERE provider = 'shed'"),
    ]);
    const { data, unavailable } = await list({ token });
    expect(unavailable).toEqual([
      { provider: "lab", payer: "workspace", detail: expect.stringContaining("cannot be reached") },
      { provider: "shed", payer: "workspace", detail: expect.stringContaining("Enter it again") },
    ]);
    const providers = new Set(data.filter(({ payer }) => payer === "workspace").map(({ provider }) => provider));
    expect([...providers]).toEqual(["attic"]);
  });

  it("comes down to the usual one for whoever needs no more, and takes nothing else", async () => {
    const { data } = await list({}, "?default=true");
    expect(data).toMatchObject([{ id: "offline/extractive", default: true }]);
    expect((await call("GET", `${path}?default=maybe`)).status).toBe(422);
    expect((await call("GET", `${path}?provider=lab`)).status).toBe(422);
  });
});
