import { Agent, type IncomingMessage, request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

/** What one stream took: milliseconds from sending the question. */
export interface StreamTimes {
  firstToken: number;
  /** Between one piece of text and the next. */
  gaps: number[];
  complete: boolean;
  /** Numbers left out among the events' ids, where they have any. */
  lost: number;
}

export interface Post {
  url: string;
  headers: Record<string, string>;
  body: string;
}

export interface Call extends Post {
  /** Marks a piece of text in the bytes, and the stream's end. */
  textMark: string;
  endMark: string;
}

/** What an asker asks in a round. What has to be sent before the question goes by `postJson`, and is refused and reset like one. */
export type Ask = (asker: number, round: number) => Call | Promise<Call>;

/** What became of the questions of a load. */
export interface Outcome {
  asked: number;
  answers: StreamTimes[];
  /** Answers that said when to come back. */
  refusals: Refused[];
  /** Questions whose connection was cut; they are not asked again. */
  resets: number;
  /** All other answers that were no streams; they are not asked again either. */
  failures: Refused[];
}

/** An answer that is not what was asked for: what it said, and when it may be tried again. */
export class Refused extends Error {
  readonly status: number;
  /** ms from sending the question. */
  readonly afterMs: number;
  readonly retryAfterSeconds: number | null;

  constructor(url: string, status: number, body: string, retryAfter: string | undefined, afterMs: number) {
    super(`${url} answered ${status}: ${body.slice(0, 300)}`);
    this.status = status;
    this.afterMs = afterMs;
    this.retryAfterSeconds = retryAfter === undefined ? null : Number(retryAfter);
  }
}

/** A connection that was cut under a question or its answer. */
export class Reset extends Error {}

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

/** Sends a POST and hands over the response, where its status is `wanted`. */
function send<T>(post: Post, isWanted: (status: number) => boolean, read: (response: IncomingMessage) => Promise<T>) {
  const { url, headers, body } = post;
  return new Promise<T>((resolve, reject) => {
    const started = performance.now();
    const failed = (error: NodeJS.ErrnoException) =>
      reject(["ECONNRESET", "EPIPE"].includes(error.code ?? "") ? new Reset(url, { cause: error }) : error);
    const options = { method: "POST", agent, headers: { "Content-Type": "application/json", ...headers } };
    const call = request(url, options, (response) => {
      const status = response.statusCode ?? 0;
      if (isWanted(status)) return void read(response).then(resolve, failed);
      const refused = (text: string) =>
        reject(new Refused(url, status, text, response.headers["retry-after"], performance.now() - started));
      textOf(response).then(refused, failed);
    });
    call.on("error", failed);
    call.end(body);
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of response.setEncoding("utf8")) text += part;
  return text;
}

/** Sends a POST and reads its answer's JSON. Rejects with `Refused` or `Reset` where there is none. */
export function postJson(post: Post): Promise<Record<string, unknown>> {
  const isWell = (status: number) => status >= 200 && status < 300;
  return send(post, isWell, async (response) => JSON.parse(await textOf(response)));
}

/** Reads a stream's events and times them as they come. */
function readStream({ textMark, endMark }: Call, started: number, response: IncomingMessage): Promise<StreamTimes> {
  const times: StreamTimes = { firstToken: Number.NaN, gaps: [], complete: false, lost: 0 };
  let last = 0;
  let lastId: number | null = null;
  let tail = "";
  return new Promise((resolve, reject) => {
    response.setEncoding("utf8").on("data", (part: string) => {
      const now = performance.now();
      const frames = (tail + part).split("\n\n");
      tail = frames.pop() ?? "";
      for (const frame of frames) {
        const id = /^id: (\d+)$/m.exec(frame)?.[1];
        if (id !== undefined) {
          if (lastId !== null) times.lost += Number(id) - lastId - 1;
          lastId = Number(id);
        }
        if (frame.includes(endMark)) times.complete = true;
        else if (frame.includes(textMark)) {
          if (last === 0) times.firstToken = now - started;
          // What comes in one piece is seen at once, however many events it is.
          else if (now > last) times.gaps.push(now - last);
          last = now;
        }
      }
    });
    response.on("end", () => resolve(times));
    response.on("error", reject);
  });
}

/** Sends one question and times the bytes as they come. Rejects with `Refused` where the answer is not a stream, with `Reset` where it is cut. */
export function timeStream(asked: Call): Promise<StreamTimes> {
  const started = performance.now();
  return send(
    asked,
    (status) => status === 200,
    (response) => readStream(asked, started, response),
  );
}

/** Does something until it is answered, coming back when it is told to and not later than `until`; null where it is not done. Rejects where nobody listens. */
async function persistently<T>(attempt: () => T | Promise<T>, until: number, outcome: Outcome): Promise<T | null> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof Refused && error.retryAfterSeconds !== null) {
        outcome.refusals.push(error);
        const waitMs = error.retryAfterSeconds * 1_000;
        if (performance.now() + waitMs > until) return null;
        await delay(waitMs);
        continue;
      }
      if (error instanceof Reset) outcome.resets++;
      else if (error instanceof Refused) outcome.failures.push(error);
      else throw error;
      return null;
    }
  }
}

/** Loads that go on. */
let running = 0;

/**
 * Has `streams` askers ask, each from their own moment of `spreadMs` on, as people do, and one question behind the other: `rounds`
 * of them, but none that would begin more than `patienceMs` from now. Resolves when all are done.
 */
export async function load(
  { streams, rounds, spreadMs, patienceMs }: { streams: number; rounds: number; spreadMs: number; patienceMs: number },
  ask: Ask,
): Promise<Outcome> {
  const outcome: Outcome = { asked: 0, answers: [], refusals: [], resets: 0, failures: [] };
  const until = performance.now() + patienceMs;
  running++;
  const askers = Array.from({ length: streams }, async (_, asker) => {
    await delay((asker / streams) * spreadMs);
    for (let round = 0; round < rounds && performance.now() < until; round++) {
      outcome.asked++;
      const call = await persistently(() => ask(asker, round), until, outcome);
      const times = call && (await persistently(() => timeStream(call), until, outcome));
      if (times) outcome.answers.push(times);
    }
  });
  await Promise.all(askers);
  // Connections that a server closes while nobody asks would be reset at the next question.
  if (--running === 0) agent.destroy();
  return outcome;
}

/** The value below which `share` of the sorted numbers lie. */
export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Sends a question and resolves when its stream has begun, to what closes it; nothing of it is read. */
export function openSilently(call: Call): Promise<() => void> {
  return send(
    call,
    (status) => status === 200,
    async (response) => {
      response.resume().on("error", () => {});
      return () => response.destroy();
    },
  );
}
