import { inBackground } from "../background.ts";
import type { Runtime } from "../runtime.ts";
import type { Verdict } from "./rate-limit-window.ts";
import type { RateLimit, RouteClass } from "./rate-limits.ts";

/** Of lower limits, those of passwords among them, every request is counted before it is let in. */
const lowest = 20;
/** What has to be left, of the limit, for a request to be let in before it is counted. */
const spared = 0.2;
/** For how long is gone by what the object said last, in ms. */
const believedMs = 30_000;
/** So many subjects and kinds are known at most. */
const capacity = 5_000;

/** What the object that counts a subject's requests of a kind said, and what it was asked to count from here. */
interface Said {
  /** What would be left, had it not been asked from here: less those asked, it is what is left at least. */
  base: number;
  /** Requests that it was asked to count, and those of them that it has not answered yet. */
  asked: number;
  pending: number;
  /** Which of them it has answered last, when that was asked, and when the window ends; in ms. */
  newest: number;
  saidAt: number;
  endsAt: number;
  /** Whether it refused what was let in here, and nobody has been told that it was the first. */
  isFirstUntold: boolean;
}

const known = new Map<string, Said>();

interface Request {
  subject: string;
  kind: RouteClass;
  limit: RateLimit;
}

/** Has the object count a request. Those under way may be counted before it or after it: they are taken as not counted. */
async function ask({ env, clock }: Runtime, { subject, kind, limit }: Request, said: Said): Promise<Verdict> {
  const [now, before] = [clock.now(), said.pending];
  said.asked += 1;
  said.pending += 1;
  const number = said.asked;
  try {
    const stub = env.RATE_LIMIT.get(env.RATE_LIMIT.idFromName(subject));
    const verdict = await stub.count(kind, limit, now);
    if (number > said.newest) {
      said.newest = number;
      said.base = verdict.remaining + number - before;
      said.saidAt = now;
      said.endsAt = now + verdict.resetSeconds * 1_000;
    }
    return verdict;
  } finally {
    said.pending -= 1;
  }
}

function saidOf(key: string): Said {
  const said = known.get(key) ?? {
    base: 0,
    asked: 0,
    pending: 0,
    newest: 0,
    saidAt: 0,
    endsAt: 0,
    isFirstUntold: false,
  };
  known.delete(key);
  if (known.size >= capacity) {
    const oldest = known.keys().next().value;
    if (oldest !== undefined) known.delete(oldest);
  }
  known.set(key, said);
  return said;
}

/**
 * Counts a request of one subject, once. Where the object said lately that far more are left, it is let in at once and counted beside; else it
 * waits for the object, which decides.
 */
export async function countSubject(runtime: Runtime, request: Request): Promise<Verdict> {
  const { subject, kind, limit } = request;
  const now = runtime.clock.now();
  const said = saidOf(`${subject} ${kind} ${limit.limit}/${limit.seconds}`);
  const remaining = said.base - said.asked - 1;
  const isKnown = now - said.saidAt < believedMs && now < said.endsAt;
  if (limit.limit >= lowest && isKnown && remaining >= limit.limit * spared) {
    const counting = ask(runtime, request, said).then(({ isFirstRefusal }) => {
      said.isFirstUntold ||= isFirstRefusal === true;
    });
    inBackground(runtime, counting);
    return { allowed: true, remaining, resetSeconds: Math.ceil((said.endsAt - now) / 1_000) };
  }
  const verdict = await ask(runtime, request, said);
  if (verdict.allowed || !said.isFirstUntold) return verdict;
  said.isFirstUntold = false;
  return { ...verdict, isFirstRefusal: true };
}
