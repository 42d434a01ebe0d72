import { Problem } from "../platform/errors.ts";
import { type Frame, FramesCutOff, readFrames } from "../platform/frames.ts";
import { pause } from "../platform/pause.ts";
import type { Runtime } from "../platform/runtime.ts";
import type { ReaderTask, ReaderTasks } from "./reader-tasks.ts";

/** ms between two signs of life while the answer has not begun. */
const waitingMs = 10_000;

/** A file that comes with an answer. */
interface AnswerFile {
  name: string;
  bytes: number;
}

/** What the reader says while it works, and at its end: exactly one of `done`, `refused` and `failed`. */
export type ReaderMessage =
  | { kind: "alive"; share: number | null }
  | ({ kind: "file" } & AnswerFile)
  | { kind: "done"; result: unknown }
  | { kind: "refused"; code: string; message: string }
  | { kind: "failed"; error: string };

/** Asked and ended without an answer: killed for its time or memory, or crashed. The same work may well end the next one too. */
export class ReaderDied extends Error {
  constructor(cause: unknown) {
    super("The reader ended before it had answered.", { cause });
    this.name = "ReaderDied";
  }
}

/** What the reader has refused, with a code and a sentence for the file's owner. No retry mends it. */
export class ReaderRefused extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = "ReaderRefused";
    this.code = code;
  }
}

interface Asked<T extends ReaderTask = ReaderTask> {
  task: T;
  /** In whose turn it is done: others do not wait for all that one tenant asks. */
  workspaceId: string;
  options: ReaderTasks[T]["options"];
  /** The bytes that it is about. */
  body: { stream: ReadableStream<Uint8Array>; bytes: number };
  /** Called with each sign of life: the share that is done, or null where that cannot be told. */
  onAlive?: (share: number | null) => Promise<void>;
  /** Takes a file of the answer to its end. */
  onFile?: (file: AnswerFile, body: ReadableStream<Uint8Array>) => Promise<unknown>;
}

/** The body of a request: the length of its options (four bytes), the options as JSON, then the file. */
function bodyOf({ options, body }: Asked): ReadableStream<Uint8Array> {
  const json = new TextEncoder().encode(JSON.stringify(options));
  const head = new Uint8Array(4 + json.length);
  new DataView(head.buffer).setUint32(0, json.length);
  head.set(json, 4);
  const { readable, writable } = new FixedLengthStream(head.length + body.bytes);
  const write = async () => {
    const writer = writable.getWriter();
    await writer.write(head);
    writer.releaseLock();
    await body.stream.pipeTo(writable);
  };
  // Whoever reads the other end sees the failure.
  write().catch(() => {});
  return readable;
}

/** The bytes of one file, frame by frame, for whoever takes it. */
async function passOn(
  { name, bytes }: AnswerFile,
  frames: AsyncGenerator<Frame<ReaderMessage>>,
  onFile: NonNullable<Asked["onFile"]>,
): Promise<void> {
  const { readable, writable } = new FixedLengthStream(bytes);
  const write = async () => {
    const writer = writable.getWriter();
    try {
      for (let left = bytes; left > 0; ) {
        const { value: frame } = await frames.next();
        if (!frame || !("bytes" in frame)) throw new FramesCutOff();
        left -= frame.bytes.length;
        await writer.write(frame.bytes);
      }
      await writer.close();
    } catch (error) {
      await writer.abort(error);
      throw error;
    }
  };
  const [written, taken] = await Promise.allSettled([write(), onFile({ name, bytes }, readable)]);
  // A file that was cut off fails for who takes it too, in other words.
  for (const end of [written, taken]) if (end.status === "rejected") throw end.reason;
}

async function take(response: Response, asked: Asked): Promise<unknown> {
  if (!response.ok || !response.body) throw new Error(`The reader answered ${response.status}.`);
  const frames = readFrames<ReaderMessage>(response.body);
  try {
    for (;;) {
      const { value: frame } = await frames.next();
      if (!frame || !("message" in frame)) throw new FramesCutOff();
      const { message } = frame;
      if (message.kind === "done") return message.result;
      if (message.kind === "refused") throw new ReaderRefused(message.code, message.message);
      if (message.kind === "failed") throw new Error(`The reader failed: ${message.error}`);
      if (message.kind === "alive") await asked.onAlive?.(message.share);
      else if (asked.onFile) {
        await passOn(message, frames, asked.onFile);
        await pause();
      } else throw new Error(`The reader sent a file that nobody asked for: ${message.name}.`);
    }
  } finally {
    await frames.return(undefined);
  }
}

/**
 * Has the reader do one piece of work, in a place of its own that may die: bytes from anybody are read there, and nowhere else. Returns
 * what it says at the end. Throws `ReaderRefused`, `ReaderDied` where it ended without a word, and `not_ready` where it cannot be had,
 * which says nothing of the work.
 */
export async function askReader<T extends ReaderTask>(
  { env }: Pick<Runtime, "env">,
  asked: Asked<T>,
): Promise<ReaderTasks[T]["result"]> {
  // The time in the queue before it counts as life: nobody else is to take the work meanwhile.
  const waiting = setInterval(() => void asked.onAlive?.(null).catch(() => {}), waitingMs);
  try {
    const response = await env.READER.fetch(`http://reader/${asked.task}`, {
      method: "POST",
      headers: { "Reader-Workspace": asked.workspaceId },
      body: bodyOf(asked),
    }).catch((cause: unknown) => {
      // Cloudflare says so where its limits of time or memory ended the reader. Otherwise it has never had the work.
      if (/exceeded/i.test(String(cause))) throw new ReaderDied(cause);
      throw new Problem("not_ready", "What reads files cannot be reached at present. Try again in a minute.", {
        cause,
      });
    });
    if (response.status === 503) {
      throw new Problem("not_ready", "What reads files could not be started. Try again in a minute.");
    }
    if (response.headers.has("Reader-Died")) throw new ReaderDied(response.headers.get("Reader-Died"));
    return (await take(response, asked)) as ReaderTasks[T]["result"];
  } catch (error) {
    throw error instanceof FramesCutOff ? new ReaderDied(error) : error;
  } finally {
    clearInterval(waiting);
  }
}
