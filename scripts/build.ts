import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { holding } from "./start/lock.ts";
import { attempt, Refusal } from "./start/refusal.ts";

const stamp = "build/.stamp";
const sources = [
  "workers/**/*.{ts,tsx,wasm}",
  "web/**/*",
  "public/**/*",
  "migrations/meta/_journal.json",
  "package-lock.json",
  "wrangler.toml",
  "vite.config.ts",
  "react-router.config.ts",
];

function fingerprint(): string {
  const hash = createHash("sha256");
  for (const path of globSync(sources).sort()) {
    if (path.endsWith(".test.ts") || statSync(path).isDirectory()) continue;
    hash.update(path).update(readFileSync(path));
  }
  return hash.digest("hex");
}

function runBuild(): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["node_modules/@react-router/dev/bin.cjs", "build"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => (output += text));
    const end = () => child.kill();
    process.once("exit", end);
    child.once("error", reject).once("close", (status) => {
      process.off("exit", end);
      resolve({ status, output });
    });
  });
}

/** Does work that changes what all starts of this folder share, the build and the secrets: one process at a time. */
export function alone<T>(say: (line: string) => void, work: () => T | Promise<T>): Promise<T> {
  attempt("Making the folder build", () => mkdirSync("build", { recursive: true }));
  return holding("build/.lock", () => say("Waiting for another start in this folder …"), work);
}

async function build(current: string): Promise<void> {
  // What is built halfway bears no stamp, not even that of the build before.
  rmSync(stamp, { force: true });
  const { status, output } = await runBuild();
  if (status !== 0 && /ENOSPC/.test(output))
    throw new Refusal("The build failed: the disk is full. Free some space, and start again.");
  if (status !== 0) {
    console.error(output);
    throw new Refusal("The build failed. What it printed above says why.");
  }
  attempt("Writing the build", () => writeFileSync(stamp, current));
}

/** Builds the Worker and the web app into build/, unless what is there was made of the same sources. */
export function buildIfStale(say: (line: string) => void): Promise<void> {
  return alone(say, async () => {
    const current = fingerprint();
    if (existsSync("build/server/index.js") && existsSync(stamp) && readFileSync(stamp, "utf8") === current) return;
    say("Building …");
    await build(current);
  });
}
