import { Agent, request } from "node:http";
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

export interface Call {
  url: string;
  headers: Record<string, string>;
  body: string;
  /** Marks a piece of text in the bytes, and the stream's end. */
  textMark: string;
  endMark: string;
}

/** An answer that is no stream: what it said, and when it may be tried again. */
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

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

/** Sends one question and times the bytes as they come. Rejects with `Refused` where the answer is not a stream. */
export function timeStream(asked: Call): Promise<StreamTimes> {
  const { url, headers, body, textMark, endMark } = asked;
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const times: StreamTimes = { firstToken: Number.NaN, gaps: [], complete: false, lost: 0 };
    let last = 0;
    let lastId: number | null = null;
    let tail = "";
    const call = request(
      url,
      { method: "POST", agent, headers: { "Content-Type": "application/json", ...headers } },
      (response) => {
        if (response.statusCode !== 200) {
          let text = "";
          response.setEncoding("utf8").on("data", (part) => {
            text += part;
          });
          const { statusCode = 0, headers } = response;
          response.on("end", () =>
            reject(new Refused(url, statusCode, text, headers["retry-after"], performance.now() - started)),
          );
          return;
        }
        response.setEncoding("utf8");
        response.on("data", (part: string) => {
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
      },
    );
    call.on("error", (error: NodeJS.ErrnoException) => {
      // The server closed a kept connection just as it was used again: every client sends such a request once more.
      if (call.reusedSocket && error.code === "ECONNRESET" && last === 0) resolve(timeStream(asked));
      else reject(error);
    });
    call.end(body);
  });
}

/** Asks until it is answered, coming back when it is told to. `refusals` gets those that said so; anything else that fails rejects. */
async function persistently(call: Call, refusals: Refused[]): Promise<StreamTimes> {
  for (;;) {
    try {
      return await timeStream(call);
    } catch (error) {
      if (!(error instanceof Refused) || error.retryAfterSeconds === null) throw error;
      refusals.push(error);
      await delay(error.retryAfterSeconds * 1_000);
    }
  }
}

/**
 * Keeps `streams` streams open at a time: each asker starts at its own moment of the first answer's length, as people do, and
 * asks `rounds` times. Resolves to all of them, and to how often somebody was told to come back.
 */
export async function steadyLoad(
  streams: number,
  rounds: number,
  spreadMs: number,
  ask: (asker: number, round: number) => Call,
) {
  const refusals: Refused[] = [];
  const askers = Array.from({ length: streams }, async (_, asker) => {
    await delay((asker / streams) * spreadMs);
    const results: StreamTimes[] = [];
    for (let round = 0; round < rounds; round++) results.push(await persistently(ask(asker, round), refusals));
    return results;
  });
  return { answers: (await Promise.all(askers)).flat(), refusals };
}

/**
 * Has `askers` people ask for `seconds`, each at their own moment of the first answer's length and again when an answer has ended.
 * Resolves to the answers and the refusals.
 */
export async function overload(askers: number, seconds: number, spreadMs: number, ask: (asker: number) => Call) {
  const until = performance.now() + seconds * 1_000;
  const answers: StreamTimes[] = [];
  const refusals: Refused[] = [];
  const people = Array.from({ length: askers }, async (_, asker) => {
    await delay((asker / askers) * spreadMs);
    while (performance.now() < until) answers.push(await persistently(ask(asker), refusals));
  });
  await Promise.all(people);
  return { answers, refusals };
}

/** The value below which `share` of the sorted numbers lie. */
export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Sends a question and resolves when its stream has begun, to what closes it; nothing of it is read. */
export function openSilently({ url, headers, body }: Call): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const all = { "Content-Type": "application/json", ...headers };
    const call = request(url, { method: "POST", agent, headers: all }, (response) => {
      response.resume();
      resolve(() => call.destroy());
    });
    call.on("error", reject);
    call.end(body);
  });
}
