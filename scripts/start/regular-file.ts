import { type Stats, statSync } from "node:fs";
import { attempt, Refusal } from "./refusal.ts";

/** What stands there, for a sentence. */
function kindOf(found: Stats): string {
  if (found.isDirectory()) return "a folder";
  if (found.isFIFO()) return "a named pipe";
  return found.isSocket() ? "a socket" : "a device";
}

/**
 * Whether a file is there; throws the sentence where something else stands in its place. To be asked before it is opened: a pipe that
 * nobody writes to would be waited for without end, and without a word.
 */
export function hasFile(file: string, advice = "Move it away, and start again."): boolean {
  const found = attempt("Looking for a file", () => statSync(file, { throwIfNoEntry: false }));
  if (!found) return false;
  if (found.isFile()) return true;
  throw new Refusal(`${file} is ${kindOf(found)}, and has to be an ordinary file. ${advice}`);
}
