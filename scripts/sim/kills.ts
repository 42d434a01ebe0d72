import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { randomOf } from "../../workers/chat/testing/faults.ts";
import { startOpenAiStandIn } from "../stand-ins/openai-server.ts";
import { KilledServer } from "./killed-server.ts";

interface Event {
  id: number;
  event: string;
  data: { content?: string; message_id?: string };
}

/** One question, and the bytes of its answer's events that came before the line broke. */
interface Asked {
  id: string;
  conversation: string;
  body: Record<string, unknown>;
  turnId: string | null;
  seen: string;
}

interface Stored {
  id: string;
  turn_id: string;
  status: string;
  content: string;
}

const conversationsAtOnce = 5;
/** A lease is 20 s; after that, and the alarm's own delay, an orphan must be found without anybody asking. */
const leaseMs = 40_000;

/** Whole frames of a stream, without comments; what is cut off at its end was not seen. */
const framesOf = (text: string) =>
  text.slice(0, text.lastIndexOf("\n\n") + 2).replaceAll(/(?<=^|\n\n):[^\n]*\n\n/g, "");

const eventsIn = (frames: string): Event[] =>
  [...frames.matchAll(/id: (\d+)\nevent: (\w+)\ndata: (.*)\n\n/g)].map(([, id, event = "", data = ""]) => ({
    id: Number(id),
    event,
    data: JSON.parse(data),
  }));

const textOf = (events: Event[]) => events.map(({ event, data }) => (event === "token" ? data.content : "")).join("");
const isEnd = ({ event }: Event) => event === "done" || event === "error";

/** Twenty times `kill -9` of a server that is writing answers, and what must be true after each. */
export class Kills {
  readonly #server: KilledServer;
  readonly #random: () => number;
  #token = "";

  constructor(server: KilledServer, seed: number) {
    this.#server = server;
    this.#random = randomOf(seed);
  }

  async signUp(): Promise<void> {
    const person = {
      email: `${randomBytes(6).toString("hex")}@example.com`,
      password: "correct horse battery",
      name: "Sim",
    };
    const made = await this.#call("POST", "/auth/register", person);
    this.#token = ((await made.json()) as { access_token: string }).access_token;
  }

  #call(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Response> {
    const all = new Headers({ "Content-Type": "application/json", ...headers });
    if (this.#token) all.set("Authorization", `Bearer ${this.#token}`);
    return this.#server.fetch(path, {
      method,
      headers: all,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  }

  /** Asks in several conversations, in some a second question that waits, kills the server, starts it, and looks. */
  async round(number: number): Promise<{ answers: number; interrupted: number; killedAfterMs: number }> {
    const asked: Asked[] = [];
    for (let i = 0; i < conversationsAtOnce; i++) {
      const made = await this.#call("POST", "/conversations", {});
      const { id: conversation } = (await made.json()) as { id: string };
      const single = () => this.#question(conversation, `${number}-${asked.length}`);
      asked.push(single());
      if (i % 2 === 1) asked.push(single());
    }
    const clients = asked.map((question) => this.#ask(question));
    const killedAfterMs = Math.floor(this.#random() * 1_500);
    await delay(killedAfterMs);
    await this.#server.kill();
    await Promise.all(clients);
    await this.#server.start();
    // In some rounds nobody asks: the alarm alone must find what was left behind.
    if (number % 5 === 1) await this.#untilResolved(asked);
    let interrupted = 0;
    for (const question of asked) if ((await this.#look(question)).status === "interrupted") interrupted++;
    return { answers: asked.length, interrupted, killedAfterMs };
  }

  #question(conversation: string, of: string): Asked {
    const id = `msg_${crypto.randomUUID()}`;
    const tokens = 20 + Math.floor(this.#random() * 150);
    const model = `openai/stand-in?tokens=${tokens}&tokens_per_second=100&of=${of}`;
    return { id, conversation, body: { id, content: "Count", model, queue: true }, turnId: null, seen: "" };
  }

  async #ask(question: Asked): Promise<void> {
    let text = "";
    try {
      const path = `/conversations/${question.conversation}/messages`;
      const response = await this.#call("POST", path, question.body, { Accept: "text/event-stream" });
      question.turnId = response.headers.get("X-Turn-Id");
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
    } catch {
      // The line broke with the server.
    }
    question.seen = framesOf(text);
  }

  async #untilResolved(asked: Asked[]): Promise<void> {
    const deadline = Date.now() + leaseMs;
    const open = () =>
      asked.filter(
        ({ id, turnId }) =>
          turnId !== null &&
          this.#server.query("SELECT id FROM messages WHERE status <> 'running' AND parent_id = ?", id).length === 0,
      );
    while (open().length > 0) {
      assert.ok(Date.now() < deadline, `answers are still not there ${leaseMs / 1000} s after the start`);
      await delay(250);
    }
  }

  /** Asks again with the same id, to the end; what was seen and what is stored must be of one piece. */
  async #look(question: Asked): Promise<Stored> {
    const { conversation, id, seen } = question;
    const path = `/conversations/${conversation}/messages`;
    const whole = framesOf(
      await (await this.#call("POST", path, question.body, { Accept: "text/event-stream" })).text(),
    );
    assert.ok(whole.startsWith(seen), "what was seen is a prefix of what is stored");
    const events = eventsIn(whole);
    assert.deepEqual(events.filter(isEnd), events.slice(-1), "exactly one terminal event, at the end");
    const last = eventsIn(seen).at(-1)?.id ?? 0;
    const turnId = question.turnId ?? ((events[0]?.data as { turn_id?: string } | undefined)?.turn_id || "");
    const rest = await this.#call("GET", `/conversations/${conversation}/stream?turn_id=${turnId}&after=${last}`);
    assert.equal(seen + framesOf(await rest.text()), whole, "resuming gives exactly the rest");
    // Who lists conversations waits until the database has what was handed over to it.
    await (await this.#call("GET", "/conversations?limit=1")).text();
    const [answer, ...more] = this.#server.query<Stored>(
      "SELECT id, turn_id, status, content FROM messages WHERE parent_id = ? AND conversation_id = ?",
      id,
      conversation,
    );
    assert.ok(answer && more.length === 0, "one question has one answer");
    assert.equal(answer.content, textOf(events));
    assert.match(answer.status, /^(complete|interrupted)$/);
    if (answer.status === "complete") assert.equal(events.at(-1)?.event, "done");
    const usage = this.#server.query("SELECT * FROM usage_events WHERE turn_id = ?", answer.turn_id);
    assert.equal(usage.length, 1, "exactly one usage event");
    return answer;
  }
}

/** Runs `rounds` kills; throws at the first thing that is not as it must be. */
export async function simulateKills(rounds: number, seed: number): Promise<void> {
  const standIn = await startOpenAiStandIn();
  const server = new KilledServer({
    OPENAI_BASE_URL: standIn.url,
    DEFAULT_MODEL: "offline/extractive",
    EMBEDDING_MODEL: "offline/hash",
  });
  try {
    await server.start();
    const kills = new Kills(server, seed);
    await kills.signUp();
    for (let number = 1; number <= rounds; number++) {
      const { answers, interrupted, killedAfterMs } = await kills.round(number);
      console.log(
        `kill ${number} after ${killedAfterMs} ms: ${answers} answers, ${interrupted} interrupted, all whole or marked`,
      );
    }
  } finally {
    await server.end();
    await standIn.close();
  }
}
