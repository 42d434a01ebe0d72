import { tellChanged } from "../platform/changes/changes.ts";
import type { Runtime } from "../platform/runtime.ts";

/** The subject of all that a turn needs of a clone: its settings, how it searches, and its documents. */
export const cloneSubject = (cloneId: string) => `clone:${cloneId}`;

const listeners: ((cloneId: string) => void)[] = [];

/** Has `forget` called in this process at once where something of a clone has changed: for rooms above, which remember it. */
export function whenCloneChanges(forget: (cloneId: string) => void): void {
  listeners.push(forget);
}

/** Tells this process and all others, after it was stored, that something of a clone has changed: its settings, how it searches, or its documents. */
export async function cloneChanged(runtime: Pick<Runtime, "env" | "log">, cloneId: string): Promise<void> {
  for (const forget of listeners) forget(cloneId);
  await tellChanged(runtime, [cloneSubject(cloneId)]);
}
