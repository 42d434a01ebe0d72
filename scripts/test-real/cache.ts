import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { constants, homedir, setPriority } from "node:os";
import { join } from "node:path";

/** What was fetched and built, kept from run to run outside the project. */
const cacheDir = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "understudy-real");

/** A folder of the cache. */
export function cached(...names: string[]): string {
  const folder = join(cacheDir, ...names);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Has `make` fill a folder, which gets its place when it is whole: what broke off is begun anew. */
export async function filled(folder: string, make: (unfinished: string) => Promise<void>): Promise<void> {
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  await make(unfinished);
  renameSync(unfinished, folder);
}

interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
}

/** Runs a program to its end behind all others, and gives what it printed. Throws what it complained of last. */
export async function run(command: string, args: string[], { cwd = cached(), env = {} }: RunOptions = {}) {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  if (child.pid) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  let printed = "";
  let complained = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    printed += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    complained = (complained + text).slice(-2_000);
  });
  const [status] = await once(child, "close");
  if (status === 0) return printed;
  const last = (complained.trim() || printed.trim()).split("\n").slice(-3).join(" ");
  throw new Error(`“${command} ${args.slice(0, 3).join(" ")} …” ended with ${status}: ${last}`);
}
