import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import worker from "../index.ts";
import { credentialIn } from "../platform/http/credential.ts";
import { matchedOperation } from "../platform/http/operation-rules.ts";
import { problemResponse } from "../platform/http/problem.ts";
import { createRuntime } from "../platform/runtime.ts";
import { call, jsonOf, makeClone, signUp, workspaceOf } from "../testing/client.ts";
import { changeElsewhere, countingCalls } from "../testing/elsewhere.ts";
import { admit } from "./admit.ts";
import { identify } from "./identify.ts";
import { operation, serve } from "./operation.ts";
import { createRouter } from "./router.ts";
import { stillStands } from "./standing.ts";
import { teamOf } from "./testing/teams.ts";

const v1 = "/api/v1";
type Person = Awaited<ReturnType<typeof signUp>>;
/** What this process believes without asking, in ms, and a little more. */
const believed = 3_100;

afterEach(() => {
  vi.useRealTimers();
});

/** Moves the clock on, and holds it there. */
const pass = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });

/** An API key of somebody. */
async function keyOf(token: string, headers = {}) {
  const made = await call("POST", `${v1}/api-keys`, { token, headers, json: { name: "Mine" } });
  return jsonOf<{ key: string; id: string }>(made, 201);
}

/** A public clone and a visitor of it. */
async function visitorOf(token: string) {
  const clone = await makeClone(token, { visibility: "public" });
  const entered = await call("POST", `${v1}/visitors`, { json: { clone: clone.slug } });
  return (await jsonOf<{ visitor_token: string }>(entered, 201)).visitor_token;
}

/** A session as a browser has it. */
async function cookieOf({ email, password }: Person) {
  const answer = await call("POST", `${v1}/auth/login`, { json: { email, password } });
  return answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

describe("a caller who is known", () => {
  const byToken = (token: string) => ({ Authorization: `Bearer ${token}` });
  /** How each sends who they are, and the calls to the database at first; that of a session or key writes beside the request when it was used. */
  const ways: Record<string, [calls: number, headers: (ada: Person) => Promise<Record<string, string>>]> = {
    "by an access token": [2, async ({ token }) => byToken(token)],
    "by a cookie": [2, async (ada) => ({ Cookie: await cookieOf(ada), Origin: "http://localhost:8787" })],
    "by a key": [3, async ({ token }) => byToken((await keyOf(token)).key)],
    "as a visitor": [1, async ({ token }) => byToken(await visitorOf(token))],
  };

  /** What is called before an operation: its body is refused, so that it calls nothing itself. */
  async function callsOf(path: string, headers: Record<string, string>) {
    const calls = { database: 0, changes: 0 };
    const request = new Request(`http://localhost:8787${v1}/${path}`, {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json" },
      body: JSON.stringify({ unknown: 1 }),
    });
    const bindings = { ...env, ...countingCalls(calls) } as Env;
    const answer = await worker.fetch(
      request as Parameters<typeof worker.fetch>[0],
      bindings,
      createExecutionContext(),
    );
    expect(answer.status, await answer.text()).toBe(422);
    return [calls.database, calls.changes];
  }

  it.each(Object.keys(ways))("%s is read once a minute, and asked about every three seconds", async (way) => {
    const [first, headersOf] = ways[way] ?? [];
    const ada = await signUp();
    // Their first call makes their workspace.
    await workspaceOf(ada.token);
    const headers = (await headersOf?.(ada)) ?? {};
    // What was read when the test was set up is forgotten by then.
    pass(70_000);
    expect(await callsOf("conversations", headers)).toEqual([first, 0]);
    const seen = [];
    // After 2, 30, 32 and 59 seconds.
    for (const ms of [2_000, 28_000, 2_000, 27_000]) {
      pass(ms);
      seen.push(await callsOf("conversations", headers));
    }
    expect(seen).toEqual([
      [0, 0],
      [0, 1],
      [0, 0],
      [0, 1],
    ]);
    pass(2_000);
    expect((await callsOf("conversations", headers))[0]).toBeGreaterThan(0);
  });

  it("is let in at once where the operation confirms beside its work", async () => {
    const headers = byToken((await signUp()).token);
    const asking = () => callsOf("conversations/conv_x/messages", headers);
    pass(70_000);
    await asking();
    pass(30_000);
    expect(await asking()).toEqual([0, 0]);
    expect(await callsOf("conversations", headers)).toEqual([0, 1]);
  });
});

it("whoever holds something open is asked about every three seconds, however often it is looked", async () => {
  const { token, userId } = await signUp();
  const [workspaceId, { id: keyId }] = [await workspaceOf(token), await keyOf(token)];
  const calls = { database: 0, changes: 0 };
  const runtime = createRuntime({ ...env, ...countingCalls(calls) });
  // What was read when the test was set up is forgotten by then.
  pass(70_000);
  for (let looks = 0; looks < 40; looks++) {
    expect(await stillStands(runtime, { kind: "user", userId, workspaceId, keyId })).toBe(true);
    pass(1_500);
  }
  expect(calls).toEqual({ database: 2, changes: 19 });
});

describe("an operation that confirms beside its work", () => {
  const probe = operation({
    summary: "Probe",
    tags: [],
    action: "conversation.write",
    confirms: "beside",
    audit: { nothing: "it is a test" },
    output: z.unknown(),
    run: async (ctx) => {
      const subjects = ctx.relied.flatMap(({ subjects }) => subjects.map((subject) => subject.split(":")[0]));
      const anew = await ctx.confirmAnew().then(
        ({ relied }) => relied.length,
        ({ code }) => code,
      );
      return { subjects: subjects.toSorted(), anew };
    },
  });
  const door = createRouter()
    .use(async (c, next) => {
      const runtime = createRuntime(c.env);
      c.set("requestId", "req_x");
      c.set("runtime", runtime);
      c.set("operation", matchedOperation(c));
      c.set("credential", credentialIn(c.req.raw.headers, runtime.config));
      await next();
    })
    .use(admit({ takes: "any" }), identify)
    .post("/probe", serve(probe));
  door.onError((error, c) => problemResponse(error, c.var.requestId));

  it("is told what its caller rests on, and lets them in anew by what the database says", async () => {
    const { token, userId } = await signUp();
    await workspaceOf(token);
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    const ask = async () => {
      const asked = await door.request(
        "/probe",
        { method: "POST", headers, body: "{}" },
        env,
        createExecutionContext(),
      );
      return asked.status === 200 ? asked.json() : asked.status;
    };
    expect(await ask()).toEqual({ subjects: [], anew: 0 });
    pass(10_000);
    const subjects = ["session", "user", "user", "workspace"];
    expect(await ask()).toEqual({ subjects, anew: 0 });
    expect(await ask()).toEqual({ subjects: [], anew: 0 });
    pass(10_000);
    await changeElsewhere([`user:${userId}`], "UPDATE members SET role = 'viewer' WHERE user_id = ?", userId);
    expect(await ask()).toEqual({ subjects, anew: "forbidden" });
    await changeElsewhere([`user:${userId}`], "UPDATE members SET role = 'owner' WHERE user_id = ?", userId);
    pass(10_000);
    // What they are remembered as refuses nobody.
    expect(await ask()).toEqual({ subjects: [], anew: 0 });
    pass(10_000);
    await changeElsewhere([`user:${userId}`], "DELETE FROM sessions WHERE user_id = ?", userId);
    expect(await ask()).toEqual({ subjects, anew: "unauthenticated" });
  });
});

describe("what another process changed counts here after three seconds:", () => {
  const list = (token: string, headers = {}) => call("GET", `${v1}/clones`, { token, headers });

  it("the end of a session, and of all of a person’s", async () => {
    const [ada, eve] = [await signUp("Ada"), await signUp("Eve")];
    for (const { token } of [ada, eve]) expect((await list(token)).status).toBe(200);
    const id = await env.DB.prepare("SELECT id FROM sessions WHERE user_id = ?").bind(ada.userId).first("id");
    await changeElsewhere([`session:${id}`], "DELETE FROM sessions WHERE id = ?", id);
    await changeElsewhere([`user:${eve.userId}`], "DELETE FROM sessions WHERE user_id = ?", eve.userId);
    pass(believed);
    for (const { token } of [ada, eve]) expect((await list(token)).status).toBe(401);
    expect((await call("GET", `${v1}/auth/sessions`, { token: ada.token })).status).toBe(401);
  });

  it("the end of a key", async () => {
    const ada = await signUp();
    const { key, id } = await keyOf(ada.token);
    const holder = { kind: "user", userId: ada.userId, workspaceId: await workspaceOf(ada.token), keyId: id } as const;
    expect((await list(key)).status).toBe(200);
    expect(await stillStands(createRuntime(env), holder)).toBe(true);
    await changeElsewhere([`key:${id}`], "UPDATE api_keys SET revoked_at = 1 WHERE id = ?", id);
    pass(believed);
    expect((await list(key)).status).toBe(401);
    expect(await stillStands(createRuntime(env), holder)).toBe(false);
  });

  it("another role, a suspension, its end, and a member’s going, also for their keys", async () => {
    const { ben, id } = await teamOf("member");
    const headers = { "X-Workspace-Id": id };
    const { key } = await keyOf(ben.token, headers);
    const make = (token: string) => call("POST", `${v1}/clones`, { token, headers, json: { name: "Mine" } });
    const holder = { kind: "user", userId: ben.userId, workspaceId: id, keyId: null } as const;
    const of = [`user:${ben.userId}`];
    const where = "WHERE workspace_id = ? AND user_id = ?";
    const both = async () => [(await make(ben.token)).status, (await make(key)).status];
    expect(await both()).toEqual([201, 201]);
    const seen = [];
    const changes = [
      `UPDATE members SET role = 'viewer' ${where}`,
      `UPDATE members SET role = 'member', suspended_at = 1 ${where}`,
      `UPDATE members SET suspended_at = NULL ${where}`,
      `DELETE FROM members ${where}`,
    ];
    for (const change of changes) {
      await changeElsewhere(of, change, id, ben.userId);
      pass(believed);
      seen.push([...(await both()), await stillStands(createRuntime(env), holder)]);
    }
    expect(seen).toEqual([
      [403, 403, true],
      [403, 403, false],
      [201, 201, true],
      [404, 401, false],
    ]);
  });

  it("the suspension of a person, and of a workspace for its visitors", async () => {
    const [ada, eve] = [await signUp("Ada"), await signUp("Eve")];
    const visitor = await visitorOf(ada.token);
    const conversations = () => call("GET", `${v1}/conversations`, { token: visitor });
    expect((await conversations()).status).toBe(200);
    expect((await list(eve.token)).status).toBe(200);
    const [workspace, user] = [await workspaceOf(ada.token), eve.userId];
    await changeElsewhere([`workspace:${workspace}`], "UPDATE workspaces SET suspended_at = 1 WHERE id = ?", workspace);
    await changeElsewhere([`user:${user}`], "UPDATE users SET suspended_at = 1 WHERE id = ?", user);
    pass(believed);
    expect((await conversations()).status).toBe(401);
    expect((await list(ada.token)).status).toBe(403);
    expect((await list(eve.token)).status).toBe(403);
    await changeElsewhere([`user:${user}`], "UPDATE users SET suspended_at = NULL WHERE id = ?", user);
    pass(believed);
    expect((await list(eve.token)).status).toBe(200);
  });
});

it("what ends by the clock ends then, whatever is remembered; a browser’s session goes on with its use", async () => {
  const ada = await signUp();
  const { key } = await keyOf(ada.token);
  const cookie = await cookieOf(ada);
  const soon = Date.now() + 20_000;
  await env.DB.prepare("UPDATE refresh_tokens SET access_expires_at = ?").bind(soon).run();
  await env.DB.prepare("UPDATE sessions SET expires_at = ?").bind(soon).run();
  // As they were read when the test was set up: that was before their ends were changed.
  await changeElsewhere([`user:${ada.userId}`], "UPDATE api_keys SET expires_at = ?", soon);
  const headers: Record<string, string>[] = [
    { Authorization: `Bearer ${ada.token}` },
    { Authorization: `Bearer ${key}` },
    { Cookie: cookie },
  ];
  const statuses = () =>
    Promise.all(headers.map(async (each) => (await call("GET", `${v1}/clones`, { headers: each })).status));
  pass(10_000);
  expect(await statuses()).toEqual([200, 200, 200]);
  pass(10_000);
  expect(await statuses()).toEqual([401, 401, 200]);
});
