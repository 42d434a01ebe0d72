import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** A person of the product with a clone that has read something. */
export interface Person {
  origin: string;
  token: string;
  cloneId: string;
  post(path: string, body: object | FormData): Promise<Record<string, unknown>>;
}

/** A started product with a person, and ways to measure its processes. */
export interface Product extends Person {
  /** Seconds of CPU that workerd and what started it have used. */
  cpuSeconds(): number;
  /** Resident memory of workerd in MB. */
  memoryMb(): number;
  stop(): Promise<void>;
}

/** The process id of the workerd that `parent` started, itself or through its shell. */
export function workerdOf(parent: number): number {
  const pids = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" }).trim().split("\n");
  const rows = pids.map((line) => line.trim().split(/\s+/));
  // miniflare hands its configuration over as bytes; the readers' is a file.
  const row = rows.find(([, ppid, ...args]) => ppid === String(parent) && args.includes("--binary"));
  if (!row?.[0]) throw new Error("The server's workerd was not found.");
  return Number(row[0]);
}

/** Seconds of CPU that a process has used. */
export function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Resident memory of a process in MB. */
export function memoryMbOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)?.[1] ?? 0) / 1024;
}

/** Resolves with what a process has printed when `mark` is in it. */
export function untilPrinted(child: ChildProcess, mark: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (part) => {
      text += part;
      if (text.includes(mark)) resolve(text);
    });
    child.once("exit", () => reject(new Error(`The server ended:\n${text}`)));
  });
}

/** Reads documents into the person's clone, to their end. */
async function addDocuments({ origin, token, cloneId, post }: Person, files: string[]): Promise<void> {
  const form = new FormData();
  form.set("clone_id", cloneId);
  for (const file of files) form.append("file", new Blob([readFileSync(file)]), basename(file));
  const { data } = (await post("/documents/upload", form)) as { data: { id: string }[] };
  for (const { id } of data) {
    for (let status = ""; status !== "indexed"; await delay(20)) {
      const response = await fetch(`${origin}/api/v1/documents/${id}/status`, {
        headers: { Authorization: `Bearer ${token}` },
      });
      status = ((await response.json()) as { status: string }).status;
      if (status === "failed") throw new Error("A document of the benchmark could not be read.");
    }
  }
}

/** Makes a person with a clone that has read these files. */
export async function makePerson(origin: string, files: string[]): Promise<Person> {
  let token = "";
  const post = async (path: string, body: object | FormData) => {
    const isForm = body instanceof FormData;
    const headers = {
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...(isForm ? {} : { "Content-Type": "application/json" }),
    };
    const response = await fetch(`${origin}/api/v1${path}`, {
      method: "POST",
      headers,
      body: isForm ? body : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  };
  const account = await post("/auth/register", {
    email: "bench@example.com",
    password: "a long enough password",
    name: "Bench",
  });
  token = String(account.access_token);
  const cloneId = String((await post("/clones", { name: "Bench" })).id);
  const person = { origin, token, cloneId, post };
  await addDocuments(person, files);
  return person;
}

/** The variables that the benchmark runs the product with. */
export function variablesFor(upstream: string, model: string) {
  return {
    OPENAI_BASE_URL: upstream,
    DEFAULT_MODEL: model,
    // What they cost is measured by RATE_LIMITS=chat=1000000/minute,api=1000000/hour.
    RATE_LIMITS: process.env.RATE_LIMITS ?? "off",
    LOG: "quiet",
  };
}

/** Starts the built product on `port` with the upstream as its default model, and prepares a person whose clone has read `files`. */
export async function startProduct(
  port: number,
  upstream: string,
  model: string,
  files = ["docs/architecture.md"],
): Promise<Product> {
  const stateDir = mkdtempSync(join(tmpdir(), "understudy-bench-"));
  const env = { ...process.env, PORT: String(port), STATE_DIR: stateDir, ...variablesFor(upstream, model) };
  const child = spawn(process.execPath, ["scripts/start.ts"], { env, stdio: ["ignore", "pipe", "inherit"] });
  await untilPrinted(child, "Password");
  const person = await makePerson(`http://127.0.0.1:${port}`, files);
  const parent = child.pid ?? 0;
  const workerd = workerdOf(parent);
  return {
    ...person,
    cpuSeconds: () => cpuSecondsOf(workerd) + cpuSecondsOf(parent),
    memoryMb: () => memoryMbOf(workerd),
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}
