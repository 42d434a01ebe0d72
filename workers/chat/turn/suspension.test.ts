import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { forgetHere } from "../../platform/changes/remembered.ts";
import { call, jsonOf, makeClone, signUp, workspaceOf } from "../../testing/client.ts";
import { changeElsewhere } from "../../testing/elsewhere.ts";
import { eventually } from "../../testing/eventually.ts";
import { goOn } from "../../testing/held-model.ts";
import { teamOf } from "../../workspaces/testing/teams.ts";
import { ask, messagesOf, openConversation, readUntil, standIn, upstreamEnded } from "../testing/turns.ts";

const v1 = "/api/v1";
/** What is promised of a suspension, in ms: that until somebody looks again, and for how long they remember what was so. */
const promised = 5_000;
const endless = () => standIn("tokens=100000&tokens_per_second=20");
type Person = Awaited<ReturnType<typeof signUp>>;

async function superAdmin(): Promise<Person> {
  const root = await signUp("Root");
  await env.DB.prepare("UPDATE users SET platform_role = 'super_admin' WHERE id = ?").bind(root.userId).run();
  return root;
}

const suspend = (by: Person, what: string, suspended = true) =>
  call("PUT", `${v1}/platform/${what}/suspension`, { token: by.token, json: { suspended } });

/** Those who look again and again, since the last stream was begun: every how many ms, and how often they have. */
let watches: { every: number; looks: number }[] = [];

beforeEach(() => {
  const start = globalThis.setInterval;
  vi.spyOn(globalThis, "setInterval").mockImplementation((callback: () => void, every = 0) => {
    const watch = { every, looks: 0 };
    watches.push(watch);
    return start(() => {
      watch.looks++;
      callback();
    }, every);
  });
});

afterEach(() => {
  vi.mocked(globalThis.setInterval).mockRestore();
  vi.useRealTimers();
  watches = [];
});

/**
 * Moves the clock on by what is promised but for the time until the next look, and holds it there: a stream that ends now does so in
 * time, and one for which more is remembered never ends. The stream and its answer are watched.
 */
function holdClock(): void {
  const every = watches.map((watch) => watch.every).filter((ms) => ms < promised);
  expect(every).toHaveLength(2);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + promised - Math.max(...every) });
}

/** Reads what is left of a stream. */
async function restOf(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += new TextDecoder().decode(value);
  }
}

/** Reads what is left of a stream that has to end in time. */
async function endOf(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  holdClock();
  const text = await restOf(reader);
  vi.useRealTimers();
  watches = [];
  return text;
}

const hasWords = (events: { event: string }[]) => events.some(({ event }) => event === "token");

describe("a suspension", () => {
  it("of a person ends their streams, the model’s work, their sessions and keys within five seconds", async () => {
    const [root, ada] = [await superAdmin(), await signUp("Ada")];
    const made = await call("POST", `${v1}/api-keys`, { token: ada.token, json: { name: "Mine" } });
    const { key } = await jsonOf<{ key: string }>(made, 201);
    const conversation = await openConversation(ada.token);
    const model = endless();
    const { reader } = await readUntil(await ask(ada.token, conversation, { content: "Go on", model }), hasWords);

    expect((await suspend(root, `users/${ada.userId}`)).status).toBe(204);
    expect(await endOf(reader)).toMatch(/event: (error|done)\n.*\n\n$/);
    await upstreamEnded(model, "aborted");
    expect((await call("GET", `${v1}/clones`, { token: key })).status).toBe(403);
    expect([401, 403]).toContain((await call("GET", `${v1}/clones`, { token: ada.token })).status);
    const sessions = await env.DB.prepare("SELECT * FROM sessions WHERE user_id = ?").bind(ada.userId).all();
    expect(sessions.results).toEqual([]);
    const login = await call("POST", `${v1}/auth/login`, { json: { email: ada.email, password: ada.password } });
    expect(login.status).toBe(403);

    expect((await suspend(root, `users/${ada.userId}`, false)).status).toBe(204);
    expect((await call("GET", `${v1}/clones`, { token: key })).status).toBe(200);
    expect((await suspend(root, `users/${root.userId}`)).status).toBe(404);
  });

  it("by another process, which tells of it, ends streams here as soon; so do a demotion and the end of a key", async () => {
    const ada = await signUp("Ada");
    const made = await call("POST", `${v1}/api-keys`, { token: ada.token, json: { name: "Mine" } });
    const { key, id } = await jsonOf<{ key: string; id: string }>(made, 201);
    const of = `user:${ada.userId}`;
    const begin = async (token: string) =>
      readUntil(await ask(token, await openConversation(token), { content: "Go on", model: endless() }), hasWords);

    const byKey = await begin(key);
    await changeElsewhere([`key:${id}`], "UPDATE api_keys SET revoked_at = 1 WHERE id = ?", id);
    await endOf(byKey.reader);
    // The clock has gone back: what was read meanwhile would be fresh for longer than it is.
    forgetHere([of]);
    const demoted = await begin(ada.token);
    await changeElsewhere([of], "UPDATE members SET role = 'viewer' WHERE user_id = ?", ada.userId);
    await endOf(demoted.reader);
    await changeElsewhere([of], "UPDATE members SET role = 'owner' WHERE user_id = ?", ada.userId);
    forgetHere([of]);
    const suspended = await begin(ada.token);
    await changeElsewhere([of], "UPDATE users SET suspended_at = 1 WHERE id = ?", ada.userId);
    await endOf(suspended.reader);
  });

  it("of a workspace ends its visitors’ streams, and its clones answer nobody", async () => {
    const [root, ada, eve] = [await superAdmin(), await signUp("Ada"), await signUp("Eve")];
    const model = endless();
    const clone = await makeClone(ada.token, { visibility: "public", model });
    const { visitor_token } = await jsonOf<{ visitor_token: string }>(
      await call("POST", `${v1}/visitors`, { json: { clone: clone.slug } }),
      201,
    );
    const own = await openConversation(visitor_token, { clone_id: clone.id });
    const hers = await openConversation(eve.token, { clone_id: clone.id });
    const { reader } = await readUntil(await ask(visitor_token, own, { content: "Go on" }), hasWords);

    expect((await suspend(root, `workspaces/${await workspaceOf(ada.token)}`)).status).toBe(204);
    await endOf(reader);
    await upstreamEnded(model, "aborted");
    expect((await call("GET", `${v1}/conversations`, { token: visitor_token })).status).toBe(401);
    expect((await call("POST", `${v1}/visitors`, { json: { clone: clone.slug } })).status).toBe(404);
    expect((await ask(eve.token, hers, { content: "Go on" })).status).toBe(404);
    expect((await call("GET", `${v1}/clones`, { token: ada.token })).status).toBe(403);
  });

  it("of a member, a demotion and the end of a key end what is open in that workspace only", async () => {
    const { ada, ben, id } = await teamOf("member");
    const headers = { "X-Workspace-Id": id };
    const change = (json: object) =>
      call("PATCH", `${v1}/workspaces/${id}/members/${ben.userId}`, { token: ada.token, json });
    const begin = async (token: string) => {
      const opened = await call("POST", `${v1}/conversations`, { token, headers, json: {} });
      const conversation = await jsonOf<{ id: string }>(opened, 201);
      const path = `${v1}/conversations/${conversation.id}/messages`;
      const response = await call("POST", path, {
        token,
        headers: { ...headers, Accept: "text/event-stream" },
        json: { content: "Go on", model: endless() },
      });
      return (await readUntil(response, hasWords)).reader;
    };
    const made = await call("POST", `${v1}/api-keys`, { token: ben.token, headers, json: { name: "Mine" } });
    const { key, id: keyId } = await jsonOf<{ key: string; id: string }>(made, 201);

    const byKey = await begin(key);
    expect((await call("DELETE", `${v1}/api-keys/${keyId}`, { token: ben.token, headers })).status).toBe(204);
    await endOf(byKey);

    const demoted = await begin(ben.token);
    expect((await change({ role: "viewer" })).status).toBe(200);
    await endOf(demoted);
    expect((await call("POST", `${v1}/clones`, { token: ben.token, headers, json: { name: "Mine" } })).status).toBe(
      403,
    );

    expect((await change({ role: "member" })).status).toBe(200);
    const suspended = await begin(ben.token);
    expect((await change({ suspended: true })).status).toBe(200);
    await endOf(suspended);
    expect((await call("GET", `${v1}/clones`, { token: ben.token, headers })).status).toBe(403);
    expect((await call("GET", `${v1}/clones`, { token: ben.token })).status).toBe(200);
  });

  it("closes the sockets of who is out", async () => {
    const [root, ada] = [await superAdmin(), await signUp("Ada")];
    const conversation = await openConversation(ada.token);
    const { webSocket } = await call("GET", `${v1}/conversations/${conversation}/socket`, {
      token: ada.token,
      headers: { Upgrade: "websocket" },
    });
    if (!webSocket) throw new Error("There is no socket.");
    const closed = new Promise<CloseEvent>((resolve) => webSocket.addEventListener("close", resolve));
    webSocket.accept();
    const { reader } = await readUntil(
      await ask(ada.token, conversation, { content: "Go on", model: endless() }),
      hasWords,
    );
    expect((await suspend(root, `users/${ada.userId}`)).status).toBe(204);
    const rest = endOf(reader);
    expect((await closed).code).toBe(1_008);
    await rest;
  });

  it("is no end of an access token, which streams outlive; the end of its session is one", async () => {
    const ada = await signUp("Ada");
    const begin = async (model: string) => {
      const conversation = await openConversation(ada.token);
      return readUntil(await ask(ada.token, conversation, { content: "Go on", model }), hasWords);
    };
    const model = standIn("tokens=120&pause=10");
    const { reader } = await begin(model);
    await env.DB.prepare("UPDATE refresh_tokens SET access_expires_at = 1").run();
    // The third look comes when the first has its answer.
    holdClock();
    const watching = watches.filter(({ every }) => every < promised);
    await eventually(() => expect(Math.min(...watching.map(({ looks }) => looks))).toBeGreaterThanOrEqual(3));
    vi.useRealTimers();
    watches = [];
    await goOn(model);
    expect(await restOf(reader)).toMatch(/event: done\n.*"finish_reason":"stop".*\n\n$/);

    await env.DB.prepare("UPDATE refresh_tokens SET access_expires_at = 9999999999999").run();
    const open = await begin(endless());
    expect((await call("POST", `${v1}/auth/logout`, { token: ada.token })).status).toBe(204);
    await endOf(open.reader);
  });

  it("closes the sockets of a session that was ended, and no other’s", async () => {
    const ada = await signUp("Ada");
    const json = { email: ada.email, password: ada.password };
    const { access_token: token } = await jsonOf<{ access_token: string }>(
      await call("POST", `${v1}/auth/login`, { json }),
      200,
    );
    const conversation = await openConversation(ada.token);
    const open = async (by: string) => {
      const headers = { Upgrade: "websocket" };
      const { webSocket } = await call("GET", `${v1}/conversations/${conversation}/socket`, { token: by, headers });
      if (!webSocket) throw new Error("There is no socket.");
      webSocket.accept();
      return webSocket;
    };
    const [ended, kept] = [await open(token), await open(ada.token)];
    const closed = new Promise<CloseEvent>((resolve) => ended.addEventListener("close", resolve));
    expect((await call("DELETE", `${v1}/auth/sessions`, { token: ada.token })).status).toBe(204);
    // Each message asks whether its sender still may.
    ended.send(JSON.stringify({ type: "attach", after: 0 }));
    expect((await closed).code).toBe(1_008);
    const told = new Promise<MessageEvent>((resolve) => kept.addEventListener("message", resolve));
    kept.send(JSON.stringify({ type: "unknown" }));
    expect(JSON.parse(String((await told).data))).toMatchObject({ event: expect.any(String) });
    expect(kept.readyState).toBe(WebSocket.OPEN);
  });

  it("leaves what was said where it was", async () => {
    const [root, ada] = [await superAdmin(), await signUp("Ada")];
    const conversation = await openConversation(ada.token);
    const model = standIn("reply=Kept");
    await jsonOf(await ask(ada.token, conversation, { content: "Hello", model }, "application/json"), 200);
    await suspend(root, `users/${ada.userId}`);
    await suspend(root, `users/${ada.userId}`, false);
    const login = await call("POST", `${v1}/auth/login`, { json: { email: ada.email, password: ada.password } });
    const { access_token } = await jsonOf<{ access_token: string }>(login, 200);
    expect((await messagesOf(access_token, conversation)).map(({ content }) => content)).toEqual(["Hello", "Kept"]);
  });
});
