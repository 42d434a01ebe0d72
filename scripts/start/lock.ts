import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { attempt, Refusal } from "./refusal.ts";
import { hasFile } from "./regular-file.ts";

const busy = 5;

/** Those of this process: one that nobody refers to would be closed as garbage. */
const held = new Set<DatabaseSync>();

/** A lock of the operating system on a file: it ends with the process that holds it, however that one ends. */
export interface Lock {
  /** Whether the file's path still leads to what is locked: where it was deleted, somebody else can lock another file there. */
  isAtPath(): boolean;
  release(): void;
}

/** Which file stands there: its number on its disk, or null where there is none. */
function identityOf(file: string): string | null {
  const found = statSync(file, { throwIfNoEntry: false, bigint: true });
  return found ? `${found.dev}:${found.ino}` : null;
}

/**
 * Takes the lock on `file`, or returns null while another process has it. SQLite asks the system for it, so that nothing is left
 * behind by `kill -9`, no process id has to be trusted, and of two that ask at once one gets it.
 */
export function takeLock(file: string): Lock | null {
  hasFile(file);
  const database = attempt("Making the lock", () => new DatabaseSync(file));
  try {
    // In memory: a lock must not need room on the disk.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    held.add(database);
    const identity = identityOf(file);
    return {
      isAtPath: () => identity !== null && identityOf(file) === identity,
      release() {
        held.delete(database);
        database.close();
      },
    };
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === busy) return null;
    throw new Refusal(
      `${file} cannot be locked (${(error as Error).message}). Delete it if it is no lock of ours, or choose a folder on a local disk.`,
      { cause: error },
    );
  }
}

/** Works while holding the lock on `file`, and waits for it; calls `onWait` once where another process has it. */
export async function holding<T>(file: string, onWait: () => void, work: () => T | Promise<T>): Promise<T> {
  let lock = takeLock(file);
  if (!lock) onWait();
  while (!lock) {
    await delay(100);
    lock = takeLock(file);
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** The process that says in the file beside the lock that it holds it. */
function holderOf(file: string): number | null {
  if (!hasFile(`${file}.pid`)) return null;
  return Number(attempt("Reading who has the state", () => readFileSync(`${file}.pid`, "utf8"))) || null;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The other process that lives on although its lock was deleted, which it takes anew when it looks; null where there is none. */
function bereftHolder(file: string): number | null {
  const pid = existsSync(file) ? null : holderOf(file);
  return pid !== null && pid !== process.pid && isRunning(pid) ? pid : null;
}

/** How long a server that was just ended may still hold its state. */
const graceMs = 2_000;
const lookEveryMs = 1_000;

function writeHolder(file: string): void {
  hasFile(`${file}.pid`);
  attempt("Writing to the state folder", () => writeFileSync(`${file}.pid`, `${process.pid}\n`));
}

/** Looks whether the lock still is where others look for it, and takes it anew where it was deleted. */
function keep(stateDir: string, file: string, taken: Lock, onLost: (reason: Refusal) => void): void {
  let lock = taken;
  const lose = (reason: string) => {
    clearInterval(timer);
    onLost(new Refusal(reason));
  };
  const timer = setInterval(() => {
    if (lock.isAtPath()) return;
    if (!existsSync(stateDir))
      return lose(`${stateDir} was taken away. Put it back from your backup, and start again.`);
    let next: Lock | null;
    try {
      next = takeLock(file);
      if (next) writeHolder(file);
    } catch {
      // Such as a full disk: the next look may go better.
      return;
    }
    if (!next) return lose(`Another server has taken ${stateDir}, whose lock was deleted. This one has ended.`);
    lock.release();
    lock = next;
  }, lookEveryMs);
  timer.unref();
}

/**
 * Takes the state folder for as long as this process lives, or throws the sentence that another server has it. `onLost` is called where it
 * cannot be kept, as its lock was deleted and another has it by now.
 */
export async function lockState(stateDir: string, onLost: (reason: Refusal) => void): Promise<void> {
  const file = `${stateDir}/lock`;
  const deadline = Date.now() + graceMs;
  const take = () => (bereftHolder(file) === null ? takeLock(file) : null);
  let lock = take();
  while (!lock && Date.now() < deadline) {
    await delay(100);
    lock = take();
  }
  if (!lock) {
    const pid = holderOf(file);
    const unless = bereftHolder(file) === null ? "" : ` If process ${pid} is no such server, delete ${file}.pid.`;
    throw new Refusal(
      `${stateDir} is in use by another server${pid ? ` (process ${pid})` : ""}. Stop that one, or choose another folder: STATE_DIR=… npm start${unless}`,
    );
  }
  writeHolder(file);
  keep(stateDir, file, lock, onLost);
}
