import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../free-port.ts";
import { eventually } from "../journeys/expect.ts";
import { run } from "./cache.ts";

/** A real Ollama on a free port, with models of its own in a folder that goes with it. */
export class RealBox {
  readonly folder = mkdtempSync(join(tmpdir(), "understudy-real-box-"));
  readonly #program: string;
  readonly #variables: Record<string, string>;
  #child: ChildProcess | undefined;
  #port = 0;

  constructor(program: string, variables: Record<string, string> = {}) {
    this.#program = program;
    this.#variables = variables;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  #environment(): Record<string, string> {
    const models = join(this.folder, "models");
    // Its key is made in its home.
    return { HOME: this.folder, OLLAMA_MODELS: models, OLLAMA_HOST: `127.0.0.1:${this.#port}`, ...this.#variables };
  }

  async start(): Promise<void> {
    this.#port ||= await freePort();
    const log = createWriteStream(join(this.folder, "ollama.log"), { flags: "a" });
    // A group of its own: one signal reaches it and the process that computes.
    this.#child = spawn(this.#program, ["serve"], {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...this.#environment() },
    });
    this.#child.stdout?.pipe(log, { end: false });
    this.#child.stderr?.pipe(log, { end: false });
    await eventually("the box answers", () => this.version());
  }

  /** Its version; null while it is not there. */
  async version(): Promise<string | null> {
    const response = await fetch(`${this.url}/api/version`).catch(() => null);
    return response ? ((await response.json()) as { version: string }).version : null;
  }

  /** Makes a model of files, as its owner does. */
  async create(name: string, from: string, ...lines: string[]): Promise<void> {
    const file = join(this.folder, "Modelfile");
    writeFileSync(file, [`FROM ${from}`, ...lines, ""].join("\n"));
    await run(this.#program, ["create", name, "-f", file], { env: this.#environment() });
  }

  /** `kill -9` of the box with all that it runs; resolves when it is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    process.kill(-child.pid, "SIGKILL");
    await gone;
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
