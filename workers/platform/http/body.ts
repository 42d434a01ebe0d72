import type { Context } from "hono";
import { Problem } from "../errors.ts";
import { requireBoundedJson } from "./json-bounds.ts";
import type { OperationRules } from "./operation-rules.ts";

/** How much of a body an operation reads. */
export interface BodyLimit {
  bytes: number;
  /** Members and elements that JSON may have, together. */
  values: number;
}

/** What an operation reads that declares nothing else. */
export const ordinaryBody: BodyLimit = { bytes: 1_000_000, values: 20_000 };

/** What is read of a refused body, and thrown away, before its connection is given up. */
const patienceBytes = 256 * 1024 * 1024;
/** How long a refused body may send nothing, in ms, before its client gets the answer without more waiting. */
const patienceMs = 2_000;

const sizeOf = (bytes: number) =>
  bytes < 1_000_000 ? `${Math.floor(bytes / 1_000)} kB` : `${Math.floor(bytes / 100_000) / 10} MB`;

const tooLarge = (bytes: number) =>
  new Problem(
    "payload_too_large",
    `This is larger than ${sizeOf(bytes)}, the most that is read here. Send less at once.`,
  );

function cutOff(cause: unknown): never {
  throw new Problem("malformed_request", "The body was cut off. Send it again.", { cause });
}

/** Requests whose bodies were read to the end, so that nothing has to be drained of them. */
const finished = new WeakSet<Request>();

/**
 * The pieces of a body as they arrive, at most `bytes` of them; then throws `refusal`. Counts what comes, whatever `Content-Length` says. What is left stays in the
 * request, for `drain`.
 */
export async function* boundedParts(
  request: Request,
  bytes: number,
  refusal: () => Problem = () => tooLarge(bytes),
): AsyncGenerator<Uint8Array> {
  if (Number(request.headers.get("Content-Length") ?? 0) > bytes) throw refusal();
  const reader = request.body?.getReader();
  if (!reader) return;
  try {
    let length = 0;
    const read = () => reader.read().catch(cutOff);
    for (let next = await read(); !next.done; next = await read()) {
      length += next.value.byteLength;
      if (length > bytes) throw refusal();
      yield next.value;
    }
    finished.add(request);
  } finally {
    reader.releaseLock();
  }
}

/** The bytes of a request's body. Throws `payload_too_large`, or `refusal`, for more than `bytes`. */
export async function readBytes(
  request: Request,
  bytes: number,
  refusal?: () => Problem,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of boundedParts(request, bytes, refusal)) {
    parts.push(part);
    length += part.byteLength;
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

/** What the operation of a request reads of its body. */
// biome-ignore lint/suspicious/noExplicitAny: contexts of every route come here, whatever else they know.
const limitOf = (c: Context<any>): BodyLimit => ({
  ...ordinaryBody,
  ...(c as Context<{ Variables: { operation?: OperationRules } }>).var.operation?.bodyLimit,
});

/** The text of a request's body, within what its operation reads. */
// biome-ignore lint/suspicious/noExplicitAny: as above.
export async function readText(c: Context<any>): Promise<string> {
  return new TextDecoder().decode(await readBytes(c.req.raw, limitOf(c).bytes));
}

/** The JSON of a text. What is too deep, or of too many values, never comes to the parser. Throws `malformed_request` where it is none. */
// biome-ignore lint/suspicious/noExplicitAny: as above.
function parseJson(c: Context<any>, text: string): unknown {
  requireBoundedJson(text, limitOf(c).values);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem("malformed_request", "The body is not valid JSON.", { cause });
  }
}

/** The JSON of a request's body, whatever it says that it is. Throws `malformed_request` where it is none. */
// biome-ignore lint/suspicious/noExplicitAny: as above.
export async function readJson(c: Context<any>): Promise<unknown> {
  return parseJson(c, await readText(c));
}

const jsonType = /^\s*application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

/** What a request's body holds of an operation's input: nothing where it is empty. Throws `validation_failed` for what does not say that it is JSON. */
// biome-ignore lint/suspicious/noExplicitAny: as above.
export async function readJsonInput(c: Context<any>): Promise<unknown> {
  const text = await readText(c);
  if (text.trim() === "") return {};
  if (jsonType.test(c.req.header("Content-Type") ?? "")) return parseJson(c, text);
  throw new Problem("validation_failed", "Send JSON, and say so: “Content-Type: application/json”.");
}

/** A read takes this much of a refused body at least, unless it ends: reads of what just came in would be many. */
const leastBytes = 16 * 1024;

/** The runtime's own reader, which browsers' types do not know all of. */
interface LargeReader {
  readAtLeast(
    least: number,
    view: Uint8Array<ArrayBuffer>,
  ): Promise<{ done: boolean; value?: Uint8Array<ArrayBuffer> }>;
}

/** Reads to the end of a body with few and large reads where it comes from the network, whose streams can do that. */
function readerOf(body: ReadableStream<Uint8Array>): () => Promise<number | null> {
  try {
    const reader = body.getReader({ mode: "byob" }) as unknown as LargeReader;
    let buffer = new Uint8Array(16 * leastBytes);
    return async () => {
      const { done, value } = await reader.readAtLeast(leastBytes, buffer);
      if (value) buffer = new Uint8Array(value.buffer);
      return done || !value ? null : value.byteLength;
    };
  } catch {
    // Streams that were made here cannot.
    const reader = body.getReader();
    return async () => {
      const { done, value } = await reader.read();
      return done ? null : value.byteLength;
    };
  }
}

/**
 * Reads what a refused request still sends, and throws it away: a server that stops reading has to reset the connection, by which the client loses
 * the answer, or its next request. Gives up on a body without end, and on one that sends nothing more.
 */
export async function drain(request: Request): Promise<void> {
  if (!request.body || request.body.locked || finished.has(request)) return;
  const read = readerOf(request.body);
  let length = 0;
  const reading = (async () => {
    for (let size = await read(); size !== null && length < patienceBytes; size = await read()) length += size;
  })().catch(() => {}); // A client that went away needs no answer.
  const ended = new AbortController();
  reading.finally(() => ended.abort());
  for (let seen = -1; !ended.signal.aborted && seen < length; ) {
    seen = length;
    await Promise.race([reading, scheduler.wait(patienceMs, { signal: ended.signal })]);
  }
}
