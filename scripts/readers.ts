import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { availableParallelism, setPriority, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";

const built = "build/reader";

/** What one piece of work may take before its process is ended. */
export interface ReaderLimits {
  /** Seconds of processor time without a sign of life. */
  silentCpuSeconds: number;
  /** Seconds of processor time in all, and what each megabyte of the file adds. */
  cpuSeconds: number;
  cpuSecondsPerMegabyte: number;
  /** Seconds without a sign of life, whatever the processor did. */
  silentSeconds: number;
  /** Resident memory. */
  megabytes: number;
}

const defaultLimits: ReaderLimits = {
  silentCpuSeconds: 8,
  cpuSeconds: 25,
  cpuSecondsPerMegabyte: 4,
  silentSeconds: 60,
  megabytes: 640,
};

/** A process that holds more than this when its work is done is not used again: workerd gives nothing back. */
const idleMegabytes = 256;
const watchEveryMs = 200;

type Death = "time" | "memory" | "crash" | "left";

interface Job {
  workspaceId: string;
  request: IncomingMessage;
  response: ServerResponse;
}

/** Processor time in seconds and resident memory in megabytes of a process; null where it is gone. */
function usageOf(pid: number): { cpuSeconds: number; megabytes: number } | null {
  if (process.platform === "linux") {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      // In clock ticks, which are hundredths of a second, and in pages of 4 KB.
      return {
        cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100,
        megabytes: (Number(fields[21]) * 4) / 1024,
      };
    } catch {
      // Ended between two looks.
      return null;
    }
  }
  const { stdout } = spawnSync("ps", ["-o", "time=,rss=", "-p", String(pid)], { encoding: "utf8" });
  const [time, rss] = stdout?.trim().split(/\s+/) ?? [];
  if (!time || !rss) return null;
  const cpuSeconds = time.split(/[:-]/).reduce((sum, part) => sum * 60 + Number(part), 0);
  return { cpuSeconds, megabytes: Number(rss) / 1024 };
}

/** workerd's configuration for the built reader: no network, no bindings, a heap that ends before the machine's memory does. */
function writeConfig(folder: string, megabytes: number): string {
  const wrangler = JSON.parse(readFileSync(join(built, "wrangler.json"), "utf8")) as {
    compatibility_date: string;
    compatibility_flags: string[];
  };
  const text = (value: string) => JSON.stringify(value);
  const modules = ["index.js", ...globSync("**/*.js", { cwd: built }).filter((path) => path !== "index.js")].map(
    (path) => `(name = ${text(path.replaceAll("\\", "/"))}, esModule = embed ${text(resolve(built, path))})`,
  );
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
class Reader {
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
      ["serve", "--import-path=/", config, `--socket-addr=http=unix:${socket}`],
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

/** Ends a process whose work takes too much, and says what of. Returns what stops the watching. */
function watch(reader: Reader, limits: ReaderLimits, bytes: number, onDeath: (death: Death) => void) {
  const began = reader.usage()?.cpuSeconds ?? 0;
  const most = limits.cpuSeconds + (bytes / 1_000_000) * limits.cpuSecondsPerMegabyte;
  let alive = { cpuSeconds: began, at: Date.now() };
  const end = (death: Death) => {
    onDeath(death);
    reader.kill();
  };
  const timer = setInterval(() => {
    const usage = reader.usage();
    if (!usage) return;
    const { cpuSeconds, megabytes } = usage;
    if (megabytes > limits.megabytes) return end("memory");
    const isSilent =
      cpuSeconds - alive.cpuSeconds > limits.silentCpuSeconds || Date.now() - alive.at > limits.silentSeconds * 1_000;
    if (isSilent || cpuSeconds - began > most) end("time");
  }, watchEveryMs);
  return {
    alive() {
      alive = { cpuSeconds: reader.usage()?.cpuSeconds ?? alive.cpuSeconds, at: Date.now() };
    },
    stop: () => clearInterval(timer),
  };
}

/** Takes the next piece of work from each workspace in turn. */
class Turns {
  readonly #waiting = new Map<string, Job[]>();

  add(job: Job): void {
    const others = this.#waiting.get(job.workspaceId);
    if (others) others.push(job);
    else this.#waiting.set(job.workspaceId, [job]);
  }

  next(): Job | undefined {
    for (const [workspaceId, jobs] of this.#waiting) {
      const job = jobs.shift();
      // Its workspace goes to the end of the row.
      this.#waiting.delete(workspaceId);
      if (jobs.length > 0) this.#waiting.set(workspaceId, jobs);
      if (job && !job.response.destroyed) return job;
      return this.next();
    }
    return undefined;
  }
}

export interface Readers {
  /** Where the server reaches them, for `external` in its service binding. */
  address: string;
  dispose(): Promise<void>;
}

interface Options {
  onLog: (line: string) => void;
  limits?: Partial<ReaderLimits>;
  /** How far below this process's own priority they work: answers that are being written come first. */
  niceness?: number;
}

/**
 * The local place of the reader: processes of workerd that read files from anybody, one file at a time, and are ended where one takes too
 * much time or memory. They start when they are needed; the next one takes the place of one that died.
 */
export async function startReaders({ onLog, limits: given = {}, niceness = 10 }: Options): Promise<Readers> {
  const limits = { ...defaultLimits, ...given };
  const size = Math.max(2, Math.min(4, availableParallelism() - 1));
  const folder = mkdtempSync(join(tmpdir(), "understudy-readers-"));
  const config = writeConfig(folder, limits.megabytes);
  const turns = new Turns();
  const readers = new Set<Reader>();
  let started = 0;

  const start = () => {
    const reader = new Reader(config, join(folder, `${++started}.sock`), niceness, (gone) => {
      readers.delete(gone);
      work();
    });
    readers.add(reader);
    return reader;
  };
  const idle = () => [...readers].find(({ job, isEnding }) => !job && !isEnding);

  function work(): void {
    for (;;) {
      const isFree = readers.size < size || idle() !== undefined;
      const job = isFree && turns.next();
      if (!job) return;
      const reader = idle() ?? start();
      reader.job = job;
      void run(reader, job).finally(work);
    }
  }

  async function run(reader: Reader, job: Job): Promise<void> {
    const { request: asked, response } = job;
    let death = "crash" as Death;
    const bytes = Number(asked.headers["content-length"] ?? 0);
    const watched = watch(reader, limits, bytes, (of) => {
      death = of;
    });
    const leave = () => {
      // Closed by what failed here, or by who asked: then nobody waits for the rest.
      if (response.errored) return;
      death = "left";
      reader.kill();
    };
    response.once("close", leave);
    try {
      const answer = await reader.ask(job);
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.on("data", watched.alive);
      await pipeline(answer, response);
    } catch (error) {
      reader.kill();
      if (death !== "left") onLog(`A reader was ended by its work (${death}: ${(error as Error).message}).`);
      if (response.headersSent) response.destroy();
      else response.writeHead(502, { "Reader-Died": death }).end();
    } finally {
      watched.stop();
      response.off("close", leave);
      const held = reader.usage()?.megabytes ?? 0;
      if (held > idleMegabytes) reader.kill();
      reader.job = null;
    }
  }

  const server = createServer((asked, response) => {
    // Whether there are readers at all, whatever they have to do.
    if (asked.method === "HEAD") return void response.writeHead(204).end();
    turns.add({ workspaceId: String(asked.headers["reader-workspace"] ?? ""), request: asked, response });
    work();
  });
  const address = join(folder, "front.sock");
  await new Promise<void>((listening, failed) => server.once("error", failed).listen(address, listening));
  return {
    address: `unix:${address}`,
    async dispose() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      for (const reader of readers) reader.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
