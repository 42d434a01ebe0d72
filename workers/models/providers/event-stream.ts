import type { LanguageModelV4StreamPart, SharedV4Warning } from "@ai-sdk/provider";
import { isProblem } from "../../platform/errors.ts";
import { delay } from "../../platform/pause.ts";
import { problemOfGarbledAnswer, problemOfNetwork, problemOfSaid } from "../failures.ts";
import { PartStream } from "../read-parts.ts";
import { EventLines } from "./event-lines.ts";

/**
 * A piece smaller than this holds no whole event with text in it. HTTP hands over each chunk of a body in two reads, the first of fewer
 * bytes than this; waiting for more spares a turn half of its reads.
 */
const smallestPiece = 32;
/** What one read may bring, in bytes. */
const readBytes = 16_384;
/** How long a server may hold the connection open behind the reason why its answer ended: its usage may follow. */
const graceMs = 1_000;

export type Fields = Record<string, unknown>;
export type Emit = (part: LanguageModelV4StreamPart) => void;

/** What of an answer is no text of it. */
export interface Answering {
  warnings: SharedV4Warning[];
  /** What a server says, without the key that it was asked with. */
  withoutKey(text: string): string;
  /** Called where nothing more is read, whatever the reason. */
  onEnd?(): void;
}

/** Turns the events of a protocol into parts, and knows how the answer ended. */
export interface EventReader {
  /** What an event says that went wrong; undefined where it says nothing of the kind. */
  errorIn(event: Fields): unknown;
  read(event: Fields): void;
  /** Tells that the server is there, though nothing of an answer has come. */
  alive(): void;
  readonly hasText: boolean;
  /** Whether each line is an event, with no empty one behind it. */
  readonly areLines?: boolean;
  /** Whether the provider has said how its answer ended: usage may follow, and no more text. */
  readonly hasEnd: boolean;
  /** Whether it has said that nothing more follows. */
  readonly isDone?: boolean;
  /** Tells what waited for more, of an answer that breaks off. */
  breakOff(): void;
  /** Ends the answer. Throws where it broke off. */
  finish(how: { isDone: boolean }): void;
}

/** Reads events as text, however it was cut, and has what they say told, up to the answer’s end. */
function createEvents(emit: Emit, reader: EventReader, { withoutKey }: Answering) {
  let ended = false;
  const fail = (error: unknown) => {
    if (ended) return;
    ended = true;
    reader.breakOff();
    emit({ type: "error", error });
  };
  const failed = (said: unknown) => {
    if (typeof said === "string") return fail(problemOfSaid(withoutKey(said)));
    const error = reader.errorIn(said as Fields) ?? said;
    fail(problemOfSaid(JSON.parse(withoutKey(JSON.stringify(error)))));
  };
  const finish = (isDone: boolean) => {
    if (ended) return;
    reader.finish({ isDone });
    ended = true;
  };
  const read = (event: Fields) => {
    try {
      reader.read(event);
    } catch (cause) {
      // Its fields are of another kind than its protocol has them.
      throw isProblem(cause) ? cause : problemOfGarbledAnswer(cause);
    }
  };
  const value = (of: unknown): void => {
    if (ended) return;
    if (Array.isArray(of)) {
      for (const each of of) value(each);
      return;
    }
    if (typeof of !== "object" || of === null) throw problemOfGarbledAnswer(new Error("An event is no object."));
    const error = reader.errorIn(of as Fields);
    if (error === undefined) read(of as Fields);
    else failed(error);
    if (reader.isDone) finish(true);
  };
  const lines = new EventLines({ value, failed, done: () => finish(true), alive: () => reader.alive() });
  return {
    lines,
    hasEnded: () => ended,
    /** The body broke off. What ended before that is whole. */
    fail: (error: unknown) => (reader.hasEnd ? finish(false) : fail(error)),
    /** The body is over, whether or not it said so. */
    finish() {
      if (!ended) lines.end();
      finish(false);
    },
  };
}

/**
 * The parts of an answer that comes as events, or whole though a stream was asked for. Parsed by hand because the SDK's own pipelines (transform
 * streams and a schema a chunk) take two to three times the CPU. A failure in mid-stream comes as an `error` part behind
 * the text that arrived before it; the caller's abort errors the stream with its reason. A `raw` part tells that the server is there.
 */
export function readEventStream(
  body: ReadableStream<Uint8Array>,
  createReader: (emit: Emit) => EventReader,
  answering: Answering,
  signal: AbortSignal | undefined,
): PartStream {
  const bytes = body.getReader({ mode: "byob" });
  let buffer = new ArrayBuffer(readBytes);
  /** Between two events nothing small is worth waking up for, once text comes; in the middle of one its last byte may be. */
  let isBetweenEvents = false;
  const decoder = new TextDecoder();
  const parts: LanguageModelV4StreamPart[] = [{ type: "stream-start", warnings: answering.warnings }];
  const emit: Emit = (part) => void parts.push(part);
  const reader = createReader(emit);
  const eventEnd = reader.areLines ? /\n$/ : /\n\r?\n$/;
  const events = createEvents(emit, reader, answering);

  async function advance(): Promise<void> {
    const { hasEnd } = reader;
    const reading = bytes.read(new Uint8Array(buffer), { min: isBetweenEvents && !hasEnd ? smallestPiece : 1 });
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
    isBetweenEvents = reader.hasText && events.lines.isBetween && eventEnd.test(text);
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
      answering.onEnd?.();
      // What the server still sends must not go on filling a buffer; that it fails to be told changes nothing.
      await bytes.cancel().catch(() => undefined);
    }
    return parts.length > 0 ? parts.splice(0) : null;
  }

  return new PartStream(take, (reason) => {
    answering.onEnd?.();
    return bytes.cancel(reason);
  });
}
