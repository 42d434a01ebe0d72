import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, inject } from "vitest";
import { call, jsonOf } from "../../testing/client.ts";

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

export const objectOf = (id: string) => env.CONVERSATION.get(env.CONVERSATION.idFromName(id));

/** Kills the object where it stands, as a process that dies would. */
export const crash = (id: string) =>
  runInDurableObject(objectOf(id), (_, state) => state.abort("crash")).then(
    () => expect.unreachable("an aborted object answers nobody"),
    () => {},
  );

export const usage = async () => (await env.DB.prepare("SELECT * FROM usage_events ORDER BY turn_id").all()).results;
