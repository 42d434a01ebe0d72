import { isProblem } from "../platform/errors.ts";
import { FrameWriter } from "../platform/frames.ts";
import type { ReaderMessage } from "../reading/ask-reader.ts";
import type { ReaderTask, ReaderTasks } from "../reading/reader-tasks.ts";
import { UnreadableDocument } from "../reading/unreadable-document.ts";
import { Answer } from "./answer.ts";

/** Does one task with the bytes that were sent. Throws `UnreadableDocument` or a problem where it cannot be done. */
export type Task<T extends ReaderTask> = (
  options: ReaderTasks[T]["options"],
  bytes: Uint8Array<ArrayBuffer>,
  answer: Answer,
) => Promise<ReaderTasks[T]["result"]>;

/** Every task is loaded when it is asked for. */
const tasks: { [T in ReaderTask]: () => Promise<Task<T>> } = {
  read: async () => (await import("./read.ts")).read,
  describe: async () => (await import("./describe.ts")).describe,
  cut: async () => (await import("./cut.ts")).cut,
  print: async () => (await import("./print.ts")).print,
  convert: async () => (await import("./convert.ts")).convert,
};

const taskAt = (url: string): ReaderTask | null => {
  const name = new URL(url).pathname.slice(1);
  return Object.hasOwn(tasks, name) ? (name as ReaderTask) : null;
};

/** Options and file of a request: see `askReader`. */
async function readRequest(request: Request): Promise<{ options: never; bytes: Uint8Array<ArrayBuffer> }> {
  const body = await request.arrayBuffer();
  const length = new DataView(body).getUint32(0);
  const options = JSON.parse(new TextDecoder().decode(new Uint8Array(body, 4, length))) as never;
  return { options, bytes: new Uint8Array(body, 4 + length) };
}

/** How a task ended, in a message. */
function ending(error: unknown): ReaderMessage {
  if (error instanceof UnreadableDocument || isProblem(error)) {
    return { kind: "refused", code: error.code, message: error.message };
  }
  return { kind: "failed", error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

async function work(name: ReaderTask, request: Request, frames: FrameWriter): Promise<void> {
  const say = (message: ReaderMessage) => frames.message(message);
  // The answer has begun before the work does: what dies from here on dies of it.
  await say({ kind: "alive", share: null });
  try {
    const [task, { options, bytes }] = await Promise.all([tasks[name](), readRequest(request)]);
    const result = await (task as Task<ReaderTask>)(options, bytes, new Answer(frames));
    await say({ kind: "done", result });
  } catch (error) {
    await say(ending(error));
  }
  await frames.close();
}

/**
 * The second Worker: it reads what anybody may have made, and prints what may be long. It has no database, no secrets and no network, and it
 * may be killed at any moment, with the one piece of work that it has.
 */
export default {
  async fetch(request, _env, ctx) {
    if (request.method === "HEAD") return new Response(null, { status: 204 });
    const task = taskAt(request.url);
    if (!task || request.method !== "POST") return new Response("The reader has no such task.", { status: 404 });
    const { readable, writable } = new IdentityTransformStream();
    // Who asked and left needs no answer any more.
    ctx.waitUntil(work(task, request, new FrameWriter(writable)).catch(() => {}));
    return new Response(readable);
  },
} satisfies ExportedHandler;
