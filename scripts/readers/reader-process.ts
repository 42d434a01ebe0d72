import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { setPriority } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { usageOf } from "./limits.ts";

const built = "build/reader";

/** One piece of work: who asks, and where the answer goes. */
export interface Job {
  workspaceId: string;
  request: IncomingMessage;
  response: ServerResponse;
}

/** workerd's configuration for the built reader: no network, no bindings, a heap that ends before the machine's memory does. */
export function writeConfig(folder: string, megabytes: number): string {
  const wrangler = JSON.parse(readFileSync(join(built, "wrangler.json"), "utf8")) as {
    compatibility_date: string;
    compatibility_flags: string[];
  };
  const text = (value: string) => JSON.stringify(value);
  // A copy: a build while this runs would take the files away from under readers that are yet to start.
  cpSync(built, join(folder, "reader"), { recursive: true });
  const modules = ["index.js", ...globSync("**/*.js", { cwd: built }).filter((path) => path !== "index.js")]
    .map((path) => path.replaceAll("\\", "/"))
    .map((path) => `(name = ${text(path)}, esModule = embed ${text(`reader/${path}`)})`);
  const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  v8Flags = ["--max-old-space-size=${Math.floor(megabytes * 0.8)}"],
  services = [
    (name = "nowhere", network = (allow = [])),
    (name = "reader", worker = (
      modules = [${modules.join(", ")}],
      compatibilityDate = ${text(wrangler.compatibility_date)},
      compatibilityFlags = [${wrangler.compatibility_flags.map(text).join(", ")}],
      globalOutbound = "nowhere"
    ))
  ],
  sockets = [(name = "http", http = (), service = "reader")]
);
`;
  const file = join(folder, "reader.capnp");
  writeFileSync(file, config);
  return file;
}

/** One process of the reader. It does one piece of work at a time, so that what it dies of is known. */
export class Reader {
  readonly #process: ChildProcess;
  readonly #socket: string;
  /** The work that it has. */
  job: Job | null = null;
  /** Whether it takes no more work: it ended, or is about to. */
  isEnding = false;

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

  usage() {
    return this.#process.pid ? usageOf(this.#process.pid) : null;
  }

  kill(): void {
    this.isEnding = true;
    this.#process.kill("SIGKILL");
  }

  /** Asks it, as soon as it listens. Fails where it is gone, or where the work is. */
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
      if (this.isEnding) throw new Error("The reader did not start.");
      const isUp = await new Promise<boolean>((answer) => {
        const socket = connect(this.#socket, () => answer(true)).once("error", () => answer(false));
        socket.once("connect", () => socket.end());
      });
      if (isUp) return;
      await delay(20);
    }
  }
}
