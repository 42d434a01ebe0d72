import { evictDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { call, jsonOf, makeClone, signUp } from "../../testing/client.ts";
import { eventually } from "../../testing/eventually.ts";
import { goOn, hasTwenty } from "../../testing/held-model.ts";
import {
  ask,
  crash,
  type Event,
  eventsIn,
  messagesOf,
  objectOf,
  openConversation,
  readUntil,
  resume,
  standIn,
  textOf,
} from "../testing/turns.ts";
import { readMessage } from "./socket-messages.ts";

type Received = Omit<Event, "id"> & { id?: number };

const upgrade = (id: string, options: { token?: string; headers?: Record<string, string> }) =>
  call("GET", `/api/v1/conversations/${id}/socket`, {
    token: options.token,
    headers: { Upgrade: "websocket", ...options.headers },
  });

/** An open socket that keeps all it was sent. */
async function connect(id: string, token: string) {
  const response = await upgrade(id, { token });
  const socket = response.webSocket;
  if (!socket) throw new Error(`expected a socket, got ${response.status}: ${await response.text()}`);
  const texts: string[] = [];
  let closing: { code: number; reason: string } | null = null;
  socket.addEventListener("message", ({ data }) => void texts.push(String(data)));
  socket.addEventListener("close", ({ code, reason }) => {
    closing = { code, reason };
  });
  socket.accept();
  const all = () => texts.filter((text) => text.startsWith("{")).map((text) => JSON.parse(text) as Received);
  return {
    socket,
    texts,
    isClosed: () => closing !== null,
    closing: () => closing,
    all,
    /** The events of the log. */
    logged: () => all().filter((event): event is Event => event.id !== undefined),
    presence: () => all().findLast(({ event }) => event === "presence")?.data.listeners,
    attach: (after = 0) => socket.send(JSON.stringify({ type: "attach", after })),
    until: (enough: (events: Event[]) => boolean) =>
      eventually(() => expect(enough(all().filter((event): event is Event => event.id !== undefined))).toBe(true)),
  };
}

const isOver = (events: Event[]) => events.some(({ event }) => event === "done" || event === "error");

describe("a socket", () => {
  it("is sent the same events as the stream, live and from any event on", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const live = await connect(id, token);
    live.attach();
    const events = eventsIn(
      await (await ask(token, id, { content: "Go", model: standIn("tokens=30&tokens_per_second=100") })).text(),
    );
    await live.until(isOver);
    expect(live.logged()).toEqual(events);
    for (const { id: seen } of [{ id: 0 }, ...events.slice(0, -1)]) {
      const late = await connect(id, token);
      late.attach(seen);
      await late.until(isOver);
      expect(late.logged()).toEqual(events.filter((event) => event.id > seen));
      late.socket.close();
    }
  });

  it("attaches in the middle of an answer, and gets one turn after the other", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const model = standIn("tokens=60&tokens_per_second=100&pause=20");
    const first = await ask(token, id, { content: "Go", model });
    const { events, reader } = await readUntil(first, hasTwenty);
    const tab = await connect(id, token);
    tab.attach(events.at(-1)?.id);
    await reader.cancel();
    await goOn(model);
    await tab.until(isOver);
    expect(textOf([...events, ...tab.logged()])).toBe((await messagesOf(token, id))[1]?.content);
    const next = eventsIn(await (await ask(token, id, { content: "On", model: standIn("reply=More.") })).text());
    await tab.until((seen) => seen.at(-1)?.id === next.at(-1)?.id);
    expect(tab.logged().slice(-next.length)).toEqual(next);
  });

  it("knows how many are here and who types, and is answered where it asks", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const one = await connect(id, token);
    const two = await connect(id, token);
    await eventually(() => expect([one.presence(), two.presence()]).toEqual([2, 2]));
    two.socket.send('{"type":"typing"}');
    two.socket.send('{"type":"typing"}');
    await eventually(() => expect(one.all().filter(({ event }) => event === "typing")).toHaveLength(1));
    two.socket.send("ping");
    await eventually(() => expect(two.texts).toContain("pong"));
    expect(two.all().filter(({ event }) => event === "typing")).toHaveLength(0);
    two.socket.close(1_000, "bye");
    await eventually(() => expect(one.presence()).toBe(1));
  });

  it("breaks nothing with what cannot be read", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const tab = await connect(id, token);
    const hostile = [
      "",
      "{",
      "null",
      "[]",
      '{"type":"attach","after":-1}',
      '{"type":"attach","after":1e400}',
      '{"type":"stop"}',
      '{"__proto__":{"type":"typing"}}',
      "x".repeat(100_000),
    ];
    for (const message of hostile) tab.socket.send(message);
    tab.socket.send(new Uint8Array([1, 2, 3]));
    const problems = () => tab.all().filter(({ event }) => event === "problem");
    await eventually(() => expect(problems()).toHaveLength(hostile.length + 1));
    expect(problems().map(({ data }) => data.code)).toContain("payload_too_large");
    tab.attach();
    await (await ask(token, id, { content: "Go", model: standIn("reply=Fine.") })).text();
    await tab.until(isOver);
    expect(textOf(tab.logged())).toBe("Fine.");
  });

  it("sleeps with its object and goes on where it was", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const tab = await connect(id, token);
    const silent = await connect(id, token);
    tab.attach();
    const first = eventsIn(await (await ask(token, id, { content: "Go", model: standIn("reply=One.") })).text());
    await tab.until(isOver);
    await evictDurableObject(objectOf(id), { webSockets: "hibernate" });
    tab.socket.send("ping");
    await eventually(() => expect(tab.texts).toContain("pong"));
    const second = eventsIn(await (await ask(token, id, { content: "On", model: standIn("reply=Two.") })).text());
    await tab.until((seen) => seen.length >= first.length + second.length);
    expect(tab.logged()).toEqual([...first, ...second]);
    expect(silent.logged()).toEqual([]);
    const other = await connect(id, token);
    await eventually(() => expect([tab.presence(), other.presence()]).toEqual([3, 3]));
  });

  it("that was dropped comes back for the rest, also after a crash in mid-answer", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const tab = await connect(id, token);
    tab.attach();
    const asked = await ask(token, id, { content: "Go", model: standIn("tokens=300&tokens_per_second=50&pause=20") });
    asked.body?.cancel().catch(() => {});
    await tab.until(hasTwenty);
    await crash(id);
    await eventually(() => expect(tab.isClosed()).toBe(true));
    const seen = tab.logged();
    const again = await connect(id, token);
    again.attach(seen.at(-1)?.id);
    await again.until(isOver);
    const whole = eventsIn(await (await resume(token, id, 0)).text());
    expect([...seen, ...again.logged()]).toEqual(whole);
    expect(whole.at(-1)).toMatchObject({ event: "error", data: { code: "INTERRUPTED" } });
  });

  it("goes back behind what it was sent ten times, and is closed at the next", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const events = eventsIn(await (await ask(token, id, { content: "Go", model: standIn("reply=One.") })).text());
    const tab = await connect(id, token);
    for (let i = 0; i < 100; i++) tab.attach();
    await eventually(() => expect(tab.closing()).toEqual({ code: 1_008, reason: expect.stringMatching(/too often/) }));
    expect(tab.logged()).toHaveLength(11 * events.length);
    // What it counts, it remembers while its object sleeps.
    const other = await connect(id, token);
    for (let i = 0; i < 11; i++) other.attach();
    await other.until((seen) => seen.length === 11 * events.length);
    await evictDurableObject(objectOf(id), { webSockets: "hibernate" });
    other.attach();
    await eventually(() => expect(other.closing()).toMatchObject({ code: 1_008 }));
  });

  it("is closed where it sends more than anybody types", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const tab = await connect(id, token);
    for (let i = 0; i < 1_000; i++) tab.socket.send("{");
    await eventually(() => expect(tab.closing()).toEqual({ code: 1_008, reason: expect.stringMatching(/Too many/) }));
    expect(tab.all().filter(({ event }) => event === "problem").length).toBeLessThan(1_000);
  });

  it("is closed when its conversation is deleted", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const tab = await connect(id, token);
    await call("DELETE", `/api/v1/conversations/${id}`, { token });
    await eventually(() => expect(tab.isClosed()).toBe(true));
  });
});

describe("opening a socket", () => {
  it("takes a token in the protocol, as pages must send it", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const headers = { "Sec-WebSocket-Protocol": `understudy, bearer.${token}`, Origin: "https://elsewhere.example" };
    const response = await upgrade(id, { headers });
    expect(response.status).toBe(101);
    expect(response.headers.get("Sec-WebSocket-Protocol")).toBe("understudy");
    response.webSocket?.accept();
    response.webSocket?.close();
    const forged = { "Sec-WebSocket-Protocol": `understudy, bearer.${token}x` };
    expect((await upgrade(id, { headers: forged })).status).toBe(401);
  });

  it("takes a visitor’s token too", async () => {
    const { token } = await signUp();
    const { slug } = await makeClone(token, { visibility: "public" });
    const { visitor_token } = await jsonOf<{ visitor_token: string }>(
      await call("POST", "/api/v1/visitors", { json: { clone: slug } }),
      201,
    );
    const id = await openConversation(visitor_token);
    const headers = { "Sec-WebSocket-Protocol": `understudy, bearer.${visitor_token}` };
    const response = await upgrade(id, { headers });
    expect(response.status).toBe(101);
    response.webSocket?.accept();
    response.webSocket?.close();
  });

  it("takes a cookie from the app’s own pages alone", async () => {
    const { token, email, password } = await signUp();
    const id = await openConversation(token);
    const signedIn = await call("POST", "/api/v1/auth/login", { json: { email, password } });
    const cookie = signedIn.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
    const from = (Origin?: string) => upgrade(id, { headers: { Cookie: cookie, ...(Origin ? { Origin } : {}) } });
    expect((await from("https://evil.example")).status).toBe(403);
    expect((await from()).status).toBe(403);
    const own = await from("http://localhost:8787");
    expect(own.status).toBe(101);
    own.webSocket?.accept();
    own.webSocket?.close();
  });

  it("is refused to strangers, without credentials, and where it is no socket", async () => {
    const { token } = await signUp();
    const stranger = await signUp("Eve");
    const id = await openConversation(token);
    expect((await upgrade(id, { token: stranger.token })).status).toBe(404);
    expect((await upgrade(id, {})).status).toBe(401);
    expect((await call("GET", `/api/v1/conversations/${id}/socket`, { token })).status).toBe(400);
  });

  it("has an end: the fifty-first is refused", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const open = await Promise.all(Array.from({ length: 50 }, () => connect(id, token)));
    expect((await upgrade(id, { token })).status).toBe(429);
    for (const { socket } of open) socket.close();
  });
});

describe("a socket’s message", () => {
  it("is read or refused, never thrown at", () => {
    expect(readMessage('{"type":"attach"}')).toEqual({ type: "attach", after: 0 });
    expect(readMessage('{"type":"attach","after":7}')).toEqual({ type: "attach", after: 7 });
    expect(readMessage('{"type":"attach","after":1.5}')).toMatchObject({ type: "refused" });
    expect(readMessage(new ArrayBuffer(4))).toMatchObject({ type: "refused", code: "malformed_request" });
  });
});
