import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { eventually } from "../journeys/expect.ts";
import type { KilledServer } from "../sim/killed-server.ts";

export interface TurnEvent {
  event: string;
  data: Record<string, unknown> & { content?: string; error?: string; code?: string };
  /** Since the question was sent. */
  ms: number;
}

export interface StoredMessage {
  role: string;
  content: string;
  status: string;
  error_code: string | null;
  model: string | null;
  citations: { index: number; source: string; quote: string }[];
  dropped_citations: number;
  usage: { prompt_tokens: number; completion_tokens: number } | null;
}

/** An answer as it comes. */
export class Answer {
  readonly events: TurnEvent[] = [];
  readonly #whole: Promise<void>;
  #seen: (() => void)[] = [];
  #isOver = false;

  constructor(response: Promise<Response>) {
    this.#whole = this.#read(response).finally(() => {
      this.#isOver = true;
      this.#tell();
    });
    // Whoever waits for something of it hears of what went wrong.
    this.#whole.catch(() => {});
  }

  #tell(): void {
    for (const look of this.#seen.splice(0)) look();
  }

  async #read(waiting: Promise<Response>): Promise<void> {
    const began = performance.now();
    const response = await waiting;
    if (!response.ok) throw new Error(`The question was answered ${response.status}: ${await response.text()}`);
    const decoder = new TextDecoder();
    let text = "";
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      const frames = text.split("\n\n");
      text = frames.pop() ?? "";
      for (const frame of frames) {
        const [, event, data] = /^event: (\w+)\ndata: (.*)$/m.exec(frame) ?? [];
        if (event && data) this.events.push({ event, data: JSON.parse(data), ms: performance.now() - began });
      }
      this.#tell();
    }
  }

  /** Resolves when an event has come that `is` takes. Throws where the answer ended without one. */
  async until(is: (event: TurnEvent) => boolean): Promise<TurnEvent> {
    for (;;) {
      const found = this.events.find(is);
      if (found) return found;
      if (this.#isOver) {
        await this.#whole;
        throw new Error(`The answer ended without that: ${JSON.stringify(this.events.slice(-3))}`);
      }
      await new Promise<void>((resolve) => this.#seen.push(resolve));
    }
  }

  /** Its end: `done` or `error`. */
  end(): Promise<TurnEvent> {
    return this.until(({ event }) => event === "done" || event === "error");
  }

  /** Resolves when the line is closed or broken. */
  async over(): Promise<void> {
    await this.#whole.catch(() => {});
  }

  get text(): string {
    return this.events.map(({ event, data }) => (event === "token" ? data.content : "")).join("");
  }
}

/** Somebody who has just signed up. */
export class Person {
  readonly #server: KilledServer;
  #token = "";

  constructor(server: KilledServer) {
    this.#server = server;
  }

  async signUp(): Promise<void> {
    const email = `${randomBytes(6).toString("hex")}@example.com`;
    const account = await this.call<{ access_token: string }>("POST", "/auth/register", {
      email,
      password: "correct horse battery",
      name: "Newcomer",
    });
    this.#token = account.access_token;
  }

  #send(method: string, path: string, body?: object, accept = "application/json"): Promise<Response> {
    const isForm = body instanceof FormData;
    const headers = {
      Accept: accept,
      ...(this.#token ? { Authorization: `Bearer ${this.#token}` } : {}),
      ...(body && !isForm ? { "Content-Type": "application/json" } : {}),
    };
    return this.#server.fetch(path, {
      method,
      headers,
      ...(body ? { body: isForm ? body : JSON.stringify(body) } : {}),
    });
  }

  /** What the API answers; throws where that is no success. */
  async call<T = Record<string, unknown>>(method: string, path: string, body?: object): Promise<T> {
    const response = await this.#send(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
    return (text ? JSON.parse(text) : null) as T;
  }

  /** The events of an address that answers with a stream of them. */
  follow(path: string, body: object): Answer {
    return new Answer(this.#send("POST", path, body, "text/event-stream"));
  }

  async makeClone(name: string): Promise<string> {
    return (await this.call<{ id: string }>("POST", "/clones", { name })).id;
  }

  /** Uploads a text, and waits until it is found. */
  async upload(cloneId: string, name: string, text: string): Promise<void> {
    const form = new FormData();
    form.set("clone_id", cloneId);
    form.append("file", new Blob([text]), name);
    const { data } = await this.call<{ data: { id: string }[] }>("POST", "/documents/upload", form);
    for (const { id } of data)
      await eventually(`${name} is indexed`, async () => {
        const { status } = await this.call<{ status: string }>("GET", `/documents/${id}/status`);
        assert.notEqual(status, "failed", JSON.stringify(await this.call("GET", `/documents/${id}`)));
        return status === "indexed";
      });
  }

  async open(settings: object): Promise<string> {
    return (await this.call<{ id: string }>("POST", "/conversations", settings)).id;
  }

  ask(conversation: string, content: string, more: object = {}): Answer {
    return this.follow(`/conversations/${conversation}/messages`, { content, ...more });
  }

  /** The last answer of a conversation, as it is kept. */
  async lastAnswer(conversation: string): Promise<StoredMessage> {
    const { data } = await this.call<{ data: StoredMessage[] }>("GET", `/conversations/${conversation}/messages`);
    const last = data.findLast(({ role }) => role === "assistant");
    assert.ok(last, "there is an answer");
    return last;
  }
}
