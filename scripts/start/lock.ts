import { readFileSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { attempt, Refusal } from "./refusal.ts";
import { hasFile } from "./regular-file.ts";

const busy = 5;

/** Those of this process: one that nobody refers to would be closed as garbage. */
const held = new Set<DatabaseSync>();

/** A lock of the operating system on a file: it ends with the process that holds it, however that one ends. */
export interface Lock {
  release(): void;
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
    return {
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

function holderOf(file: string): string {
  try {
    if (!hasFile(`${file}.pid`)) return "";
    return ` (process ${readFileSync(`${file}.pid`, "utf8").trim()})`;
  } catch {
    return "";
  }
}

/** How long a server that was just ended may still hold its state. */
const graceMs = 2_000;

/** Takes the state folder for as long as this process lives, or throws the sentence that another server has it. */
export async function lockState(stateDir: string): Promise<void> {
  const file = `${stateDir}/lock`;
  const deadline = Date.now() + graceMs;
  let lock = takeLock(file);
  while (!lock && Date.now() < deadline) {
    await delay(100);
    lock = takeLock(file);
  }
  if (!lock) {
    throw new Refusal(
      `${stateDir} is in use by another server${holderOf(file)}. Stop that one, or choose another folder: STATE_DIR=… npm start`,
    );
  }
  hasFile(`${file}.pid`);
  attempt("Writing to the state folder", () => writeFileSync(`${file}.pid`, `${process.pid}\n`));
}
