import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { holding } from "./start/lock.ts";
import { attempt, Refusal } from "./start/refusal.ts";
import { hasFile } from "./start/regular-file.ts";

const common = ["workers/**/*.{ts,tsx,mjs,wasm}", "package-lock.json"];

/** What is built of the sources, in this order: the server's build clears the folder away that both are in. */
const parts = {
  server: {
    sources: [
      ...common,
      "client/**/*",
      "web/**/*",
      "public/**/*",
      "migrations/meta/_journal.json",
      "wrangler.toml",
      "vite.config.ts",
      "react-router.config.ts",
    ],
    command: ["node_modules/@react-router/dev/bin.cjs", "build"],
  },
  reader: {
    sources: [...common, "wrangler.reader.toml", "vite.reader.config.ts"],
    command: ["node_modules/vite/bin/vite.js", "build", "--config", "vite.reader.config.ts"],
  },
};

type Part = keyof typeof parts;
const partNames = Object.keys(parts) as Part[];

function fingerprint(sources: string[]): string {
  const hash = createHash("sha256");
  for (const path of globSync(sources).sort()) {
    if (path.endsWith(".test.ts") || statSync(path).isDirectory() || !hasFile(path)) continue;
    hash.update(path).update(readFileSync(path));
  }
  return hash.digest("hex");
}

function runBuild(command: string[]): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "pipe"] });
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
  // Not in build/, which a build clears away.
  attempt("Making the folder .wrangler", () => mkdirSync(".wrangler", { recursive: true }));
  return holding(".wrangler/build.lock", () => say("Waiting for another start in this folder …"), work);
}

const stampOf = (part: Part) => `build/.stamp-${part}`;

async function build(part: Part, current: string): Promise<void> {
  // What is built halfway bears no stamp, not even that of the build before.
  rmSync(stampOf(part), { force: true });
  const { status, output } = await runBuild(parts[part].command);
  if (status !== 0 && /ENOSPC/.test(output))
    throw new Refusal("The build failed: the disk is full. Free some space, and start again.");
  if (status !== 0) {
    console.error(output);
    throw new Refusal("The build failed. What it printed above says why.");
  }
  attempt("Writing the build", () => writeFileSync(stampOf(part), current));
}

function isCurrent(part: Part, current: string): boolean {
  const stamp = stampOf(part);
  return hasFile(`build/${part}/index.js`) && hasFile(stamp) && readFileSync(stamp, "utf8") === current;
}

/** Builds the Workers into build/, all or those that are named, unless what is there was made of the same sources. */
export function buildIfStale(say: (line: string) => void, names: readonly Part[] = partNames): Promise<void> {
  return alone(say, async () => {
    for (const part of names) {
      const current = fingerprint(parts[part].sources);
      if (isCurrent(part, current)) continue;
      say(`Building the ${part} …`);
      await build(part, current);
    }
  });
}
