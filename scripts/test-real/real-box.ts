import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { freePort } from "../free-port.ts";
import { eventually } from "../journeys/expect.ts";

/** It ends where a text would go on with the next question. One thread: two wait for one another on a machine that has other work, and are no faster on one that has not. */
const parameters = { num_thread: 1, stop: ["\nQuestion:", "\n</source"] };

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

  async start(): Promise<void> {
    this.#port ||= await freePort();
    const log = createWriteStream(join(this.folder, "ollama.log"), { flags: "a" });
    // A group of its own: one signal reaches it and the process that computes.
    this.#child = spawn(this.#program, ["serve"], {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        // It makes its key there.
        HOME: this.folder,
        OLLAMA_MODELS: join(this.folder, "models"),
        OLLAMA_HOST: new URL(this.url).host,
        ...this.#variables,
      },
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

  /** Makes a model of a file, or of all that is below a folder, as its owner does. */
  async create(name: string, from: string, template?: string): Promise<void> {
    const names = statSync(from).isFile() ? [basename(from)] : readdirSync(from, { recursive: true, encoding: "utf8" });
    const folder = statSync(from).isFile() ? dirname(from) : from;
    const files: Record<string, string> = {};
    for (const file of names.filter((each) => statSync(join(folder, each)).isFile())) {
      const bytes = readFileSync(join(folder, file));
      const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
      await this.#post(`/api/blobs/${digest}`, bytes);
      files[file] = digest;
    }
    // By its API: its program tells a file in a folder within from one beside that by their name alone.
    await this.#post("/api/create", JSON.stringify({ model: name, files, template, parameters, stream: false }));
  }

  async #post(path: string, body: BodyInit): Promise<void> {
    const response = await fetch(this.url + path, { method: "POST", body });
    if (!response.ok) throw new Error(`The box answered ${path} with ${response.status}: ${await response.text()}`);
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
