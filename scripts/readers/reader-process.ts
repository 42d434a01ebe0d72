import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { setPriority } from "node:os";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { usageOf } from "./limits.ts";

/** One piece of work: who asks, and where the answer goes. */
export interface Job {
  workspaceId: string;
  request: IncomingMessage;
  response: ServerResponse;
}

/** A process that ended, or was ended, before anything of its work had reached it. */
export class ReaderNotStarted extends Error {
  constructor() {
    super("The reader did not start.");
    this.name = "ReaderNotStarted";
  }
}

/** One process of the reader. It does one piece of work at a time, so that what it dies of is known. */
export class Reader {
  readonly #process: ChildProcess;
  readonly #socket: string;
  /** The work that it has. */
  job: Job | null = null;
  /** Whether it takes no more work: it ended, or is about to. */
  isEnding = false;
  #isUp = false;

  constructor(config: string, socket: string, niceness: number, onGone: (reader: Reader) => void) {
    const workerd = (createRequire(import.meta.url)("workerd") as { default: string }).default;
    this.#socket = socket;
    this.#process = spawn(
      resolve("scripts/workerd-with-parent.sh"),
      ["serve", config, `--socket-addr=http=unix:${socket}`],
      { stdio: ["ignore", "ignore", "ignore"], env: { ...process.env, WORKERD_BINARY: workerd } },
    );
    const gone = () => {
      this.isEnding = true;
      rmSync(socket, { force: true });
      onGone(this);
    };
    this.#process.once("exit", gone).once("error", gone);
    try {
      if (this.#process.pid) setPriority(this.#process.pid, niceness);
    } catch {
      // Ended already, which `exit` tells.
    }
  }

  /** Whether no more work can reach it, as its socket was taken away. */
  get isCutOff(): boolean {
    return this.#isUp && !existsSync(this.#socket);
  }

  /** Whether it has not listened yet. */
  get isStarting(): boolean {
    return !this.#isUp;
  }

  usage() {
    return this.#process.pid ? usageOf(this.#process.pid) : null;
  }

  kill(): void {
    this.isEnding = true;
    this.#process.kill("SIGKILL");
  }

  /** Asks it, as soon as it listens. Fails where it is gone, or where the work is: with `ReaderNotStarted` where it never had it. */
  async ask({ request: asked }: Job): Promise<IncomingMessage> {
    const { method, url, headers } = asked;
    const options = { socketPath: this.#socket, method, path: url, headers };
    await this.#listening();
    return new Promise((done, failed) => {
      const outgoing = request(options, done).once("error", failed);
      asked.once("error", failed).pipe(outgoing);
    });
  }

  async #listening(): Promise<void> {
    for (;;) {
      if (this.isEnding) throw new ReaderNotStarted();
      const isUp = await new Promise<boolean>((answer) => {
        const socket = connect(this.#socket, () => answer(true)).once("error", () => answer(false));
        socket.once("connect", () => socket.end());
      });
      if (isUp) {
        this.#isUp = true;
        return;
      }
      await delay(20);
    }
  }
}
