import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { freePort } from "../free-port.ts";
import { untilReady } from "../journeys/server.ts";

/** The product on a state of its own, which can be killed like a machine that loses power, and started again. */
export class KilledServer {
  readonly #stateDir = mkdtempSync(join(tmpdir(), "understudy-sim-"));
  readonly #variables: Record<string, string>;
  #child: ChildProcess | undefined;
  #port = 0;

  constructor(variables: Record<string, string>) {
    this.#variables = variables;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    this.#port ||= await freePort();
    // A group of its own: one signal reaches the script, workerd and all between.
    this.#child = spawn(process.execPath, ["scripts/start.ts"], {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        PORT: String(this.#port),
        STATE_DIR: this.#stateDir,
        RATE_LIMITS: "off",
        ...this.#variables,
      },
    });
    await untilReady(this.#child);
  }

  /** `kill -9` of the server and all its processes; resolves when it is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    process.kill(-child.pid, "SIGKILL");
    await gone;
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.#stateDir, { recursive: true, force: true });
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.origin}/api/v1${path}`, init);
  }

  /** Reads the database's file beside the server: no request, so that nothing is woken by it. */
  query<Row>(sql: string, ...values: string[]): Row[] {
    const [file] = globSync(join(this.#stateDir, "v3/d1/**/*.sqlite")).filter((path) => !path.includes("metadata"));
    if (!file) throw new Error(`There is no database under ${this.#stateDir}.`);
    const database = new DatabaseSync(file, { readOnly: true });
    try {
      return database.prepare(sql).all(...values) as Row[];
    } finally {
      database.close();
    }
  }
}
