import { pause } from "../../platform/pause.ts";
import { nestedTooDeeply, type ReadingBudget } from "../budget.ts";

/** What a turn of a loop or a call in pdf.js costs, in the operations of a budget, as measured. */
const turnCost = 5;
/** After so many turns they are paid for. */
const stride = 1_000;
/** Places of a list or characters of a text that pass in the time of a turn, where the engine itself goes over them. */
const passedInATurn = 64;
/** A reading that was not at work for so long, in milliseconds, is taken to be gone: its request was ended. */
const longestRest = 30_000;

/** What is read at the moment: pdf.js tells what it does, but not for which document, so there is one at a time. */
interface Current {
  budget: ReadingBudget;
  /** Bytes that were asked for since the last page. */
  held: number;
  /** Things that are kept until the document is read. */
  kept: number;
  failure: unknown;
  fail: (cause: unknown) => void;
  seen: number;
}

let current: Current | null = null;
/** Turns that are not paid for yet. */
let turns = 0;

/** Once a bound is passed, whatever pdf.js still tries fails as well, so that nothing goes on behind a `catch`. */
function ended(cause: unknown): never {
  turns = stride;
  if (current && current.failure === null) {
    current.failure = cause;
    current.fail(cause);
  }
  throw cause;
}

function pay(): void {
  const owed = turns;
  turns = 0;
  if (!current) return;
  if (current.failure !== null) ended(current.failure);
  current.seen = Date.now();
  try {
    current.budget.spend(owed * turnCost);
  } catch (cause) {
    ended(cause);
  }
}

/** Called by pdf.js at every turn of a loop. */
export function boundTurn(): void {
  if (++turns >= stride) pay();
}

/** Called in every function of pdf.js. It only counts: what handles a failure must not fail, and what goes on and on has loops. */
export function boundCall(): void {
  turns++;
}

function keep(objects: number): void {
  if (!current) return;
  current.kept += objects;
  try {
    current.budget.keep(objects);
  } catch (cause) {
    ended(cause);
  }
}

/** Called where an entry of a table is kept that a file need not write out, and for every line. Throws `UnreadableDocument`. */
export function boundKept(): void {
  boundTurn();
  keep(1);
}

/** Characters that a predefined map has, about. By codes of more than 16 bits, each takes four times as much. */
const charactersOfMap = 20_000;

/** Called with all characters of a predefined map, by their codes, where they are kept for a font. Throws `UnreadableDocument`. */
export function boundTable({ length }: string[]): void {
  keep(length > 0x10000 ? 4 * charactersOfMap : charactersOfMap);
}

/** States that lie on each other: programs write a dozen, and what is looked up goes through all of them. */
const deepestState = 1_000;

/** Called with how many states lie on each other where a page begins one more. Throws `UnreadableDocument`. */
export function boundNesting(depth: number): void {
  if (depth > deepestState) ended(nestedTooDeeply());
}

/** Called with the size of every array that pdf.js makes, and the bits of what is in it. Returns the size. */
export function boundSize<T>(size: T, bits: number): T {
  if (typeof size !== "number" || !current) return size;
  const bytes = (size * bits) / 8;
  turns += Math.trunc(bytes / passedInATurn);
  try {
    current.held += bytes;
    current.budget.hold(bytes);
  } catch (cause) {
    ended(cause);
  }
  return size;
}

/** Called with every text or list that the engine is about to pass over whole, and with what only has a method of such a name. Returns it. */
export function boundPassing<T>(of: T): T {
  if (typeof of !== "string" && !Array.isArray(of) && !ArrayBuffer.isView(of)) return of;
  const { length } = of as { length?: number };
  if (length !== undefined && length > passedInATurn) turns += Math.trunc(length / passedInATurn);
  return of;
}

/** Told after every page: what it needed is no longer held. Throws `UnreadableDocument` where a bound is passed. */
export function pageIsRead(): void {
  pay();
  if (!current) return;
  current.budget.release(current.held);
  current.held = 0;
}

/** Begins when no other document is read. A timer tells, and no promise of the other reading: with its request that would be lost. */
async function begin(own: Current): Promise<void> {
  while (current && Date.now() - current.seen < longestRest) await new Promise((resolve) => setTimeout(resolve, 20));
  current = own;
  turns = 0;
}

/**
 * Does `work` with pdf.js, one document at a time, within a budget. Throws `UnreadableDocument` as soon as a bound is passed, whatever
 * pdf.js makes of it.
 */
export async function withinBounds<T>(budget: ReadingBudget, work: () => Promise<T>): Promise<T> {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  const own: Current = { budget, held: 0, kept: 0, failure: null, fail: reject, seen: Date.now() };
  await budget.waitFor(begin(own));
  own.seen = Date.now();
  let isOver = false;
  const done = work().finally(() => {
    isOver = true;
  });
  try {
    return await Promise.race([done, failed]);
  } catch (cause) {
    throw own.failure ?? cause;
  } finally {
    // What was begun runs into the bound that it has passed, before another document is read. What waits for ever is left behind.
    for (let turn = 0; turn < 100 && !isOver; turn++) await pause();
    budget.release(own.held);
    budget.letGo(own.kept);
    if (current === own) current = null;
  }
}
