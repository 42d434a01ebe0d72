import type {
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
  SharedV4Warning,
} from "@ai-sdk/provider";
import { createParser } from "eventsource-parser";
import { isProblem } from "../../../platform/errors.ts";
import { problemOfGarbledAnswer, problemOfNetwork } from "../../failures.ts";
import { PartStream } from "../../read-parts.ts";

/** One event is a few hundred characters; what goes on beyond this is a fault or an attack, and would fill the isolate. */
const maxEventLength = 1_000_000;

/**
 * A piece smaller than this holds no whole event with text in it. HTTP hands over each chunk of a body in two reads, the first of fewer
 * bytes than this; waiting for more spares a turn half of its reads.
 */
const smallestPiece = 32;
/** What one read may bring, in bytes. */
const readBytes = 16_384;

/** What is read of a chunk. Everything is optional: servers differ, and what is not understood is passed over. */
interface Chunk {
  id?: unknown;
  model?: unknown;
  error?: unknown;
  choices?: { delta?: Record<string, unknown> | null; finish_reason?: unknown }[];
  usage?: Record<string, unknown> | null;
}

const reasons: Record<string, LanguageModelV4FinishReason["unified"]> = {
  stop: "stop",
  length: "length",
  content_filter: "content-filter",
  tool_calls: "tool-calls",
};

const count = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

function usageOf(usage: Record<string, unknown> | null): LanguageModelV4Usage {
  const details = (name: string) => (usage?.[name] ?? {}) as Record<string, unknown>;
  const [input, output] = [count(usage?.prompt_tokens), count(usage?.completion_tokens)];
  const cacheRead = count(details("prompt_tokens_details").cached_tokens);
  const reasoning = count(details("completion_tokens_details").reasoning_tokens);
  return {
    inputTokens: {
      total: input,
      noCache: input === undefined ? undefined : input - (cacheRead ?? 0),
      cacheRead,
      cacheWrite: undefined,
    },
    outputTokens: { total: output, text: output === undefined ? undefined : output - (reasoning ?? 0), reasoning },
  };
}

/** Text of a delta's field: a string, or a list of parts as some servers send. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return "";
  return value.map((part: { text?: unknown }) => (typeof part?.text === "string" ? part.text : "")).join("");
}

/** Turns chunks into parts; knows which block is open and how the answer ended. */
class ChunkReader {
  readonly #emit: (part: LanguageModelV4StreamPart) => void;
  #open: "text" | "reasoning" | null = null;
  #named = false;
  #reason: string | null = null;
  #usage: Record<string, unknown> | null = null;

  constructor(emit: (part: LanguageModelV4StreamPart) => void) {
    this.#emit = emit;
  }

  read(chunk: Chunk): void {
    if (!this.#named && (typeof chunk.id === "string" || typeof chunk.model === "string")) {
      this.#named = true;
      const { id, model } = chunk;
      this.#emit({
        type: "response-metadata",
        ...(typeof id === "string" ? { id } : {}),
        ...(typeof model === "string" ? { modelId: model } : {}),
      });
    }
    if (chunk.usage) this.#usage = chunk.usage;
    const choice = chunk.choices?.[0];
    const delta = choice?.delta;
    if (delta) {
      this.#say("reasoning", textOf(delta.reasoning_content ?? delta.reasoning));
      this.#say("text", textOf(delta.content));
      this.#say("text", textOf(delta.refusal));
    }
    if (typeof choice?.finish_reason === "string") this.#reason = choice.finish_reason;
  }

  #say(kind: "text" | "reasoning", delta: string): void {
    if (delta === "") return;
    if (this.#open !== kind) {
      this.close();
      this.#open = kind;
      this.#emit({ type: `${kind}-start`, id: kind });
    }
    this.#emit({ type: `${kind}-delta`, id: kind, delta });
  }

  /** Whether the provider has said how its answer ended: usage may follow, and no more text. */
  get hasEnd(): boolean {
    return this.#reason !== null;
  }

  close(): void {
    if (this.#open) this.#emit({ type: `${this.#open}-end`, id: this.#open });
    this.#open = null;
  }

  finish(): void {
    if (this.#reason === null) throw problemOfGarbledAnswer(new Error("The stream ended without a finish reason."));
    this.close();
    const finishReason = { unified: reasons[this.#reason] ?? ("other" as const), raw: this.#reason };
    this.#emit({ type: "finish", finishReason, usage: usageOf(this.#usage) });
  }
}

function parseChunk(data: string): Chunk {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch (cause) {
    throw problemOfGarbledAnswer(cause);
  }
  if (typeof value !== "object" || value === null) throw problemOfGarbledAnswer(new Error("An event is no object."));
  return value as Chunk;
}

/** Reads events as text, however it was cut, and puts what they say into `parts`, up to the answer’s end. */
function createEvents(parts: LanguageModelV4StreamPart[]) {
  const chunks = new ChunkReader((part) => parts.push(part));
  let ended = false;
  const end = (last: () => void) => {
    ended = true;
    last();
  };
  const parser = createParser({
    maxBufferSize: maxEventLength,
    onError(error) {
      if (error.type === "max-buffer-size-exceeded") throw problemOfGarbledAnswer(error);
    },
    onEvent({ data }) {
      if (ended) return;
      if (data === "[DONE]") return end(() => chunks.finish());
      const chunk = parseChunk(data);
      if (chunk.error) return end(() => parts.push({ type: "error", error: chunk.error }));
      chunks.read(chunk);
    },
  });
  return {
    chunks,
    hasEnded: () => ended,
    feed: (text: string) => parser.feed(text),
    /** The body is over, whether or not it said so. */
    finish() {
      if (!ended) end(() => chunks.finish());
    },
    fail(error: unknown) {
      end(() => parts.push({ type: "error", error }));
    },
  };
}

/**
 * The parts of a streamed chat completion. Parsed by hand because the SDK's own pipeline (four transform streams and a
 * schema a chunk) takes some 120 ms of CPU more for 1,000 tokens. A failure in mid-stream comes as an `error` part behind
 * the text that arrived before it; the caller's abort errors the stream with its reason. Tool calls are passed over.
 */
export function readChatStream(
  body: ReadableStream<Uint8Array>,
  warnings: SharedV4Warning[],
  signal: AbortSignal | undefined,
): PartStream {
  const reader = body.getReader({ mode: "byob" });
  let buffer = new ArrayBuffer(readBytes);
  /** Between two events nothing small is worth waking up for; in the middle of one its last byte may be. */
  let isBetweenEvents = true;
  const decoder = new TextDecoder();
  const parts: LanguageModelV4StreamPart[] = [{ type: "stream-start", warnings }];
  const events = createEvents(parts);

  async function advance(): Promise<void> {
    const min = isBetweenEvents && !events.chunks.hasEnd ? smallestPiece : 1;
    const { done, value } = await reader.read(new Uint8Array(buffer), { min });
    const text = decoder.decode(value, { stream: !done });
    if (value) buffer = value.buffer;
    isBetweenEvents = text.endsWith("\n\n") || text.endsWith("\r\n\r\n");
    events.feed(done ? `${text}\n\n` : text);
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
