import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Log, LogLevel, Miniflare, type MiniflareOptions } from "miniflare";
import { oneLine } from "./refusal.ts";

/** A line that workerd or the Worker in it has written. */
export interface LogLine {
  level: string;
  message: string;
}

const longestDisposalMs = 3_000;
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** miniflare ends the whole process at a signal, with a code of its own: here who started it decides that. */
function withoutItsSignals<T>(make: () => T): T {
  const before = new Map(signals.map((signal) => [signal, process.listeners(signal)]));
  const made = make();
  for (const signal of signals) {
    for (const listener of process.listeners(signal)) {
      if (!before.get(signal)?.includes(listener)) process.off(signal, listener);
    }
  }
  return made;
}

/** miniflare's log: it tells there first that workerd has died. Its errors come to us as rejections, with their stacks. */
class WatchingLog extends Log {
  readonly #onCrash: () => void;

  constructor(onCrash: () => void) {
    super(LogLevel.NONE);
    this.#onCrash = onCrash;
  }

  override warn(message: string): void {
    if (message.includes("runtime crashed unexpectedly")) this.#onCrash();
  }
}

/** Those that run, for errors that miniflare throws where nobody can catch them. */
const running = new Set<Workerd>();

/** One workerd process under miniflare, to its end: it is not started again in here, as miniflare would at once and only once. */
export class Workerd {
  readonly miniflare: Miniflare;
  readonly ended: Promise<string>;
  #end: (reason: string) => void = () => {};
  #disposed: Promise<void> | undefined;

  constructor(options: MiniflareOptions) {
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    const log = new WatchingLog(() => this.fail("workerd has died"));
    this.miniflare = withoutItsSignals(() => new Miniflare({ ...options, log }));
    running.add(this);
  }

  /** What all of ours are started with. */
  static shared(stateDir: string, onLog: (line: LogLine) => void) {
    Object.assign(process.env, {
      WRANGLER_LOG: "error",
      WRANGLER_SEND_METRICS: "false",
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
    });
    if (process.platform !== "win32") {
      process.env.WORKERD_BINARY = (createRequire(import.meta.url)("workerd") as { default: string }).default;
      process.env.MINIFLARE_WORKERD_PATH = resolve("scripts/workerd-with-parent.sh");
    }
    return {
      host: "127.0.0.1",
      cf: false,
      telemetry: { enabled: false },
      logRequests: false,
      handleStructuredLogs: onLog,
      resourcePersistencePath: join(stateDir, "v3"),
    };
  }

  /** Resolves when it serves; throws what keeps it from that. */
  get ready(): Promise<unknown> {
    return Promise.race([
      this.miniflare.ready,
      this.ended.then((reason) => {
        throw new Error(reason);
      }),
    ]);
  }

  /** Whether it has ended, or does so within some time. */
  endsWithin(ms: number): Promise<boolean> {
    return Promise.race([this.ended.then(() => true), delay(ms, false)]);
  }

  /** Ends it as one that has died. */
  fail(reason: string): void {
    this.#end(reason);
    void this.dispose();
  }

  /** Ends it; never throws, as nothing of it is needed any more, and waits for a while only: miniflare waits for ever for a process that could not be started. */
  dispose(): Promise<void> {
    running.delete(this);
    this.#end("it was ended");
    this.#disposed ??= Promise.race([this.miniflare.dispose().catch(() => {}), delay(longestDisposalMs)]);
    return this.#disposed;
  }
}

/**
 * Whether an error that nobody caught is one of workerd's process or of a connection to it, as come while it dies: a process that
 * could not be started, a pipe or socket that has broken, what miniflare itself has thrown.
 */
export function isFaultOfWorkerd(error: unknown): boolean {
  const { syscall = "", code = "", stack = "" } = (error ?? {}) as { syscall?: string; code?: string; stack?: string };
  if (syscall.startsWith("spawn")) return true;
  if (/^(EPIPE|ECONNRESET|ECONNREFUSED|ERR_STREAM_\w+|UND_ERR_\w+|ERR_RUNTIME_FAILURE|ERR_DISPOSED)$/.test(code))
    return true;
  return /node_modules[\\/](miniflare|undici)[\\/]/.test(stack.split("\n").slice(1, 3).join("\n"));
}

/** Ends all that run as ones that have died; false where none runs. */
export function failAll(error: unknown): boolean {
  const all = [...running];
  for (const workerd of all) workerd.fail(oneLine(error));
  return all.length > 0;
}
