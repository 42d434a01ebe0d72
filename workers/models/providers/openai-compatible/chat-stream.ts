import type { LanguageModelV4StreamPart, SharedV4Warning } from "@ai-sdk/provider";
import { isProblem } from "../../../platform/errors.ts";
import { delay } from "../../../platform/pause.ts";
import { problemOfGarbledAnswer, problemOfNetwork, problemOfSaid } from "../../failures.ts";
import { PartStream } from "../../read-parts.ts";
import { ChunkReader, errorIn } from "./chunk-reader.ts";
import { EventLines } from "./event-lines.ts";
import type { ThoughtHabits } from "./thought-tags.ts";

/**
 * A piece smaller than this holds no whole event with text in it. HTTP hands over each chunk of a body in two reads, the first of fewer
 * bytes than this; waiting for more spares a turn half of its reads.
 */
const smallestPiece = 32;
/** What one read may bring, in bytes. */
const readBytes = 16_384;
/** How long a server may hold the connection open behind the reason why its answer ended: its usage may follow. */
const graceMs = 1_000;

/** Whose answer it is. */
export interface Answering {
  modelName: string;
  habits: ThoughtHabits;
  warnings: SharedV4Warning[];
  /** What a server says, without the key that it was asked with. */
  withoutKey(text: string): string;
}

/** Reads events as text, however it was cut, and puts what they say into `parts`, up to the answer’s end. */
function createEvents(parts: LanguageModelV4StreamPart[], { modelName, habits, withoutKey }: Answering) {
  const chunks = new ChunkReader(modelName, habits, (part) => parts.push(part));
  let ended = false;
  const fail = (error: unknown) => {
    if (ended) return;
    ended = true;
    chunks.breakOff();
    parts.push({ type: "error", error });
  };
  const failed = (said: unknown) => {
    if (typeof said === "string") return fail(problemOfSaid(withoutKey(said)));
    const error = errorIn(said as Record<string, unknown>) ?? said;
    fail(problemOfSaid(JSON.parse(withoutKey(JSON.stringify(error)))));
  };
  const finish = (isDone: boolean) => {
    if (ended) return;
    chunks.finish({ isDone });
    ended = true;
  };
  const value = (of: unknown): void => {
    if (ended) return;
    if (Array.isArray(of)) {
      for (const each of of) value(each);
      return;
    }
    if (typeof of !== "object" || of === null) throw problemOfGarbledAnswer(new Error("An event is no object."));
    const error = errorIn(of as Record<string, unknown>);
    if (error === undefined) chunks.read(of as Record<string, unknown>);
    else failed(error);
  };
  const lines = new EventLines({ value, failed, done: () => finish(true), alive: () => chunks.alive() });
  return {
    chunks,
    lines,
    hasEnded: () => ended,
    /** The body broke off. What ended before that is whole. */
    fail: (error: unknown) => (chunks.hasEnd ? finish(false) : fail(error)),
    /** The body is over, whether or not it said so. */
    finish() {
      if (!ended) lines.end();
      finish(false);
    },
  };
}

/**
 * The parts of a streamed chat completion, or of one that came whole though a stream was asked for. Parsed by hand because the SDK's own pipeline (four transform
 * streams and a schema a chunk) takes some 120 ms of CPU more for 1,000 tokens. A failure in mid-stream comes as an `error` part behind
 * the text that arrived before it; the caller's abort errors the stream with its reason. Tool calls are passed over. A `raw` part tells that the server is there.
 */
export function readChatStream(
  body: ReadableStream<Uint8Array>,
  answering: Answering,
  signal: AbortSignal | undefined,
): PartStream {
  const reader = body.getReader({ mode: "byob" });
  let buffer = new ArrayBuffer(readBytes);
  /** Between two events nothing small is worth waking up for, once text comes; in the middle of one its last byte may be. */
  let isBetweenEvents = false;
  const decoder = new TextDecoder();
  const parts: LanguageModelV4StreamPart[] = [{ type: "stream-start", warnings: answering.warnings }];
  const events = createEvents(parts, answering);

  async function advance(): Promise<void> {
    const { hasEnd } = events.chunks;
    const reading = reader.read(new Uint8Array(buffer), { min: isBetweenEvents && !hasEnd ? smallestPiece : 1 });
    const read = await (hasEnd ? Promise.race([reading, delay(graceMs)]) : reading);
    if (!read) {
      // It is cancelled: that nobody reads what it comes to changes nothing.
      reading.catch(() => undefined);
      return events.finish();
    }
    const { done, value } = read;
    const text = decoder.decode(value, { stream: !done });
    if (value) buffer = value.buffer;
    events.lines.feed(text);
    isBetweenEvents = events.chunks.hasText && events.lines.isBetween && /\n\r?\n$/.test(text);
    if (done) events.finish();
  }

  let closed = false;

  async function take(): Promise<LanguageModelV4StreamPart[] | null> {
    if (closed) return null;
    try {
      while (parts.length === 0 && !events.hasEnded()) await advance();
    } catch (cause) {
      if (signal?.aborted) throw signal.reason;
      events.fail(isProblem(cause) ? cause : problemOfNetwork(cause));
    }
    if (events.hasEnded()) {
      closed = true;
      // What the server still sends must not go on filling a buffer; that it fails to be told changes nothing.
      await reader.cancel().catch(() => undefined);
    }
    return parts.length > 0 ? parts.splice(0) : null;
  }

  return new PartStream(take, (reason) => reader.cancel(reason));
}
