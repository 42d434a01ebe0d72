import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, inject, vi } from "vitest";
import { call, jsonOf } from "../../testing/client.ts";
import { caughtUp } from "../projection/caught-up.ts";
import { ConversationStore, type HeldMessage } from "../store/conversation-store.ts";
import { retentionMs } from "../turn/turn-state.ts";

export interface Event {
  id: number;
  event: string;
  data: Record<string, unknown> & {
    content?: string;
    finish_reason?: string | null;
    code?: string;
    message_id?: string;
  };
}

/** The events in the bytes of a stream; comments are left out. */
export function eventsIn(text: string): Event[] {
  return text
    .split("\n\n")
    .filter((frame) => /^id: \d+\nevent: \w+\ndata: .*\}$/s.test(frame))
    .map((frame) => {
      const [, id = "", event = "", data = ""] = /^id: (\d+)\nevent: (\w+)\ndata: (.*)$/s.exec(frame) ?? [];
      return { id: Number(id), event, data: JSON.parse(data) };
    });
}

export const textOf = (events: Event[]) =>
  events
    .filter(({ event }) => event === "token")
    .map(({ data }) => data.content)
    .join("");

let orders = 0;

/** A model of the stand-in with orders, told apart from every other test's. */
export function standIn(order: string): string {
  orders += 1;
  return `openai/stand-in?${order}&of=chat-${orders}`;
}

/** Waits until the stand-in has seen a call for `model` end as `outcome`; resolves to how many tokens it had sent. */
export async function upstreamEnded(model: string, outcome: string): Promise<number[]> {
  const url = new URL("_log", inject("openaiStandIn").replace(/v1$/, ""));
  url.searchParams.set("model", model.slice("openai/".length));
  url.searchParams.set("outcome", outcome);
  const { data } = (await (await fetch(url)).json()) as { data: { tokens: number }[] };
  return data.map(({ tokens }) => tokens);
}

/** A call as the stand-in saw it. */
export interface UpstreamCall {
  id: number;
  path: string;
  outcome: string;
  body: { max_tokens?: number; messages: { role: string; content: string }[] };
}

/** The calls for `model` so far, in their order. */
export async function upstreamCalls(model: string): Promise<UpstreamCall[]> {
  const url = new URL("_log", inject("openaiStandIn").replace(/v1$/, ""));
  url.searchParams.set("model", model.slice("openai/".length));
  return ((await (await fetch(url)).json()) as { data: UpstreamCall[] }).data;
}

export async function openConversation(token: string, fields: Record<string, unknown> = {}): Promise<string> {
  const made = await jsonOf<{ id: string }>(await call("POST", "/api/v1/conversations", { token, json: fields }), 201);
  return made.id;
}

export const ask = (token: string, id: string, json: Record<string, unknown>, accept = "text/event-stream") =>
  call("POST", `/api/v1/conversations/${id}/messages`, { token, json, headers: { Accept: accept } });

export const resume = (token: string, id: string, after: number, method: "header" | "query" = "header") =>
  method === "header"
    ? call("GET", `/api/v1/conversations/${id}/stream`, { token, headers: { "Last-Event-ID": String(after) } })
    : call("GET", `/api/v1/conversations/${id}/stream?after=${after}`, { token });

interface Message {
  id: string;
  parent_id: string | null;
  role: string;
  content: string;
  status: string;
  finish_reason: string | null;
  error_code: string | null;
  model: string | null;
  asked_model: string | null;
  fallback_reason: string | null;
  lane: string | null;
  privacy: string | null;
  reasoning: string | null;
  compare_group: string | null;
  citations: { index: number; quote: string; start: number; end: number }[];
  usage: { prompt_tokens: number; completion_tokens: number } | null;
}

export async function messagesOf(token: string, id: string): Promise<Message[]> {
  const { data } = await jsonOf<{ data: Message[] }>(
    await call("GET", `/api/v1/conversations/${id}/messages`, { token }),
    200,
  );
  return data;
}

/** Reads a stream until `enough` of its events have come; the reader stays open. */
export async function readUntil(response: Response, enough: (events: Event[]) => boolean) {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (!enough(eventsIn(text))) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  return { events: eventsIn(text), text, reader };
}

/** Leaves a conversation in D1 alone, as an older version or an import does: its object takes it in from there when it is touched again. */
export async function leaveInD1(id: string): Promise<void> {
  await objectOf(id).erase(id);
  // As if the time had passed in which it lets nobody in.
  await runInDurableObject(objectOf(id), (_, { storage }) => storage.deleteAll());
  await crash(id);
}

/** All that a conversation's object has stored of it: how many rows by its tables, and what is kept under keys. Nothing of one that is gone. */
export const storedIn = (id: string) =>
  runInDurableObject(objectOf(id), (_, { storage }) => {
    const named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\'";
    const tables = storage.sql.exec<{ name: string }>(named).toArray();
    const counted = tables.map(({ name }) => [name, storage.sql.exec(`SELECT count(*) AS n FROM ${name}`).one().n]);
    const { "closed-until": _closed, ...kept } = Object.fromEntries([...counted, ...storage.kv.list()]);
    return kept as Record<string, unknown>;
  });

export const objectOf = (id: string) => env.CONVERSATION.get(env.CONVERSATION.idFromName(id));

/** Has a conversation's object work by other settings from now on, as after a restart with them. */
export async function restartWith(id: string, settings: Record<string, string>): Promise<void> {
  await crash(id);
  await runInDurableObject(objectOf(id), (instance) => {
    const its = instance as unknown as { env: Env };
    its.env = { ...its.env, ...settings } as Env;
  });
}

/** Kills the object where it stands, as a process that dies would. */
export const crash = (id: string) =>
  runInDurableObject(objectOf(id), (_, state) => state.abort("crash")).then(
    () => expect.unreachable("an aborted object answers nobody"),
    () => {},
  );

/** Lets so much time pass that the events of all turns that have ended are gone. */
export async function ageOut(id: string): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + retentionMs });
  try {
    await runDurableObjectAlarm(objectOf(id));
  } finally {
    vi.useRealTimers();
  }
  const kept = await runInDurableObject(objectOf(id), (_, { storage }) =>
    storage.sql.exec("SELECT * FROM events").toArray(),
  );
  expect(kept).toEqual([]);
}

/** Changes a message where it is held. */
export const changeMessage = (id: string, messageId: string, changes: Partial<HeldMessage>) =>
  runInDurableObject(objectOf(id), (_, { storage }) => {
    const store = ConversationStore.heldIn(storage);
    const message = store?.message(messageId);
    if (!message) throw new Error(`There is no message ${messageId}.`);
    store?.put([{ ...message, ...changes }]);
  });

/** Waits until D1 has what conversations have handed over. */
export const projected = () => caughtUp({ env });

export const usage = async () => {
  await projected();
  return (await env.DB.prepare("SELECT * FROM usage_events ORDER BY turn_id").all()).results;
};
