import { Problem } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { secretHash } from "../secrets.ts";
import { attemptTimes, deleteAttempt, insertAttempt } from "./attempt-queries.ts";

const hour = 60 * 60 * 1000;
/** Milliseconds to wait before each guess of an hour, since the one before it. There is no guess after the last of these. */
const waits = [0, 0, 0, 30_000, 5 * 60_000];

/**
 * What is guessed, of which account, and by whom. Strangers share one allowance, whatever addresses they write from; the person's own
 * devices have another, so that no stranger can use it up. Together that is ten guesses an hour.
 */
export interface Guess {
  what: "password" | "code" | "directory";
  /** What tells the account: its address or id, also of an account that does not exist. */
  account: string;
  isOwnDevice: boolean;
}

/** Milliseconds until the next guess, after those at `times` (ms, newest first, within the hour). Zero where there is no need. */
export function waitAfter(times: number[], now: number): number {
  const last = times[0];
  if (last === undefined) return 0;
  const wait = waits[times.length];
  // Beyond the last wait, the oldest that still counts has to leave the hour.
  const until = wait === undefined ? (times[waits.length - 1] ?? last) + hour : last + wait;
  return Math.max(0, until - now);
}

/** A guess that may be evaluated. It counts as wrong, unless it is taken back. */
export interface Allowed {
  /** Said once it turned out right. */
  wasRight(): Promise<void>;
}

/**
 * Counts a guess before it is evaluated, so that guesses in parallel cannot slip through. Throws `rate_limited`, with the time to
 * wait; the same for accounts that exist and that do not.
 */
export async function allowGuess(runtime: Runtime, { what, account, isOwnDevice }: Guess): Promise<Allowed> {
  if (runtime.config.RATE_LIMITS === "off") return { wasRight: async () => {} };
  const { db } = runtime;
  const now = runtime.clock.now();
  const subject = secretHash(`guess:${what}:${isOwnDevice ? "own" : "stranger"}`, account);
  const id = newId("attempt");
  const begin = now - hour;
  if (await insertAttempt(db, { id, subject, createdAt: now }, { begin, waits }))
    return { wasRight: () => deleteAttempt(db, id) };
  throw tooMany(what, waitAfter(await attemptTimes(db, subject, { begin, most: waits.length }), now));
}

const ways: Record<Guess["what"], string> = {
  password: ", from a device that you used before, or choose a new password by mail",
  directory: ", or from a device that you used before",
  code: "",
};

function tooMany(what: Guess["what"], wait: number): Problem {
  const seconds = Math.max(1, Math.ceil(wait / 1000));
  const span = seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  return new Problem("rate_limited", `Too many wrong guesses. Try again in ${span}${ways[what]}.`, {
    retryAfterSeconds: seconds,
  });
}
