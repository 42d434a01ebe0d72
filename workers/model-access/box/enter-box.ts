import { createHash } from "node:crypto";
import { problemOfFault } from "../../models/failures.ts";
import type { Connection } from "../../models/ports/connection.ts";
import type { Place } from "../../platform/limits/line.ts";
import type { Runtime } from "../../platform/runtime.ts";
import type { BoxAsk, BoxWord } from "../box-object.ts";

/** A place at a box. */
export interface Held {
  /** Aborted where the box stops answering. */
  lost: AbortSignal;
  /** Makes room for the next. */
  release(): void;
}

const over = () =>
  problemOfFault("queue", "There is a long line at the machine that the model runs on. Try again in a little while.");
const down = () => problemOfFault("unreachable", "The machine that the model runs on does not answer any more.");

/** The name of a box's line. One that a workspace brought has its own by all that it is reached by: whoever names another's address does not stand in its line, nor says that it is down. */
const lineOf = (connection: Connection) =>
  connection.payer === "installation"
    ? connection.address
    : createHash("sha256").update(JSON.stringify(connection)).digest("base64url");

/** The line at a box. */
export const lineAt = (env: Env, connection: Connection) => env.BOX.get(env.BOX.idFromName(lineOf(connection)));

/** The words of a stream of lines, one by one. */
async function* wordsOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<BoxWord> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line) as BoxWord;
  }
}

/**
 * Stands in a box's line until it is one's turn; `onPlace` is told where one stands. Throws the reason of `signal` where that is aborted, and `model_unavailable` where the box does not
 * answer, or one has waited for too long.
 */
export async function enterBox(
  { env, config, log }: Runtime,
  connection: Connection,
  ask: Omit<BoxAsk, "id">,
  { signal, onPlace }: { signal: AbortSignal; onPlace?: ((place: Place) => void) | undefined },
): Promise<Held> {
  const room = { parallel: config.OLLAMA_NUM_PARALLEL, models: config.OLLAMA_MAX_LOADED_MODELS };
  const lost = new AbortController();
  const id = crypto.randomUUID();
  const line = lineAt(env, connection);
  const words = wordsOf(await line.enter({ ...ask, id }, room, connection));
  const release = () => {
    // Where it cannot be told, it is missed in time.
    Promise.resolve(line.leave(id)).catch((error) => log.info("box_not_left", { reason: String(error) }));
    words.return(undefined).catch(() => {});
  };
  const aborted = new Promise<never>((_, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
  });
  aborted.catch(() => {});
  try {
    for (;;) {
      const { value: word, done } = await Promise.race([words.next(), aborted]);
      // The line itself broke off: the box has one of its own.
      if (done) throw down();
      if (word.kind === "go") break;
      if (word.kind === "place") onPlace?.(word);
      if (word.kind === "over") throw over();
      if (word.kind === "down") throw down();
    }
  } catch (error) {
    release();
    throw error;
  }
  const watch = async () => {
    for await (const word of words) if (word.kind === "down") lost.abort(down());
  };
  watch().catch((error) => log.info("box_line_broke_off", { reason: String(error) }));
  return { lost: lost.signal, release };
}
