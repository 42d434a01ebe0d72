import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A started product with a person, a clone that has read something, and ways to measure its process. */
export interface Product {
  origin: string;
  token: string;
  cloneId: string;
  /** Seconds of CPU that workerd has used. */
  cpuSeconds(): number;
  /** Resident memory of workerd in MB. */
  memoryMb(): number;
  post(path: string, body: object | FormData): Promise<Record<string, unknown>>;
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

async function untilPrinted(child: ChildProcess, mark: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (part) => {
      text += part;
      if (text.includes(mark)) resolve();
    });
    child.once("exit", () => reject(new Error(`The server ended:\n${text}`)));
  });
}

/** Reads the benchmark's document into a clone, to its end. */
async function addDocument({ origin, token, cloneId, post }: Pick<Product, "origin" | "token" | "cloneId" | "post">) {
  const form = new FormData();
  form.set("clone_id", cloneId);
  form.append("file", new Blob([readFileSync("docs/architecture.md")]), "architecture.md");
  const { data } = (await post("/documents/upload", form)) as { data: { id: string }[] };
  for (const { id } of data) {
    let status = "";
    while (status !== "indexed") {
      const response = await fetch(`${origin}/api/v1/documents/${id}/status`, {
        headers: { Authorization: `Bearer ${token}` },
      });
      status = ((await response.json()) as { status: string }).status;
      if (status === "failed") throw new Error("The benchmark's document could not be read.");
    }
  }
}

/** Starts the built product on `port` with the upstream as its default model, and prepares a person, a clone and its document. */
export async function startProduct(port: number, upstream: string, model: string): Promise<Product> {
  const stateDir = mkdtempSync(join(tmpdir(), "understudy-bench-"));
  const env = {
    ...process.env,
    PORT: String(port),
    STATE_DIR: stateDir,
    OPENAI_BASE_URL: upstream,
    DEFAULT_MODEL: model,
    // What they cost is measured by RATE_LIMITS=chat=1000000/minute,api=1000000/hour.
    RATE_LIMITS: process.env.RATE_LIMITS ?? "off",
    LOG: "quiet",
  };
  const child = spawn(process.execPath, ["scripts/start.ts"], { env, stdio: ["ignore", "pipe", "inherit"] });
  await untilPrinted(child, "Password");
  const origin = `http://127.0.0.1:${port}`;
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
  await addDocument({ origin, token, cloneId, post });
  const workerd = workerdOf(child.pid ?? 0);
  return {
    origin,
    token,
    cloneId,
    cpuSeconds: () => cpuSecondsOf(workerd),
    memoryMb: () => memoryMbOf(workerd),
    post,
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}
