import { DurableObject } from "cloudflare:workers";
import { type Counted, countRequest, type Verdict } from "./rate-limit-window.ts";
import type { RateLimit } from "./rate-limits.ts";

/** Counts are stored at least every tenth of their limit: so much at most is forgotten with an eviction. */
const storedShare = 10;

interface Stored {
  counted: Counted;
  /** When it does not count any more, in ms. */
  until: number;
}

/** Counts one subject's requests: every address, account, key and visitor has an object of its own. */
export class RateLimitObject extends DurableObject<Env> {
  readonly #known: Map<string, Stored>;
  /** The window of each kind's last refusal. */
  readonly #refused = new Map<string, number>();

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#known = new Map(state.storage.kv.list<Stored>());
  }

  /** Counts a request of a kind at `now` (ms), or refuses it. */
  async count(kind: string, limit: RateLimit, now: number): Promise<Verdict> {
    const { counted, verdict } = countRequest(this.#known.get(kind)?.counted, limit, now);
    const stored = { counted, until: (counted.window + 2) * limit.seconds * 1_000 };
    this.#known.set(kind, stored);
    const every = Math.max(1, Math.floor(limit.limit / storedShare));
    // The caller waits for what is written: of most requests nothing is.
    if (verdict.allowed && counted.current % every === 0) {
      this.ctx.storage.kv.put(kind, stored);
      if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(stored.until);
    }
    if (verdict.allowed) return verdict;
    const isFirstRefusal = this.#refused.get(kind) !== counted.window;
    this.#refused.set(kind, counted.window);
    return { ...verdict, isFirstRefusal };
  }

  /** For the health check: that objects run and reach their storage. */
  answers(): boolean {
    return this.ctx.storage.kv.get("health") === undefined;
  }

  /** Forgets what does not count any more. */
  override async alarm(): Promise<void> {
    const now = Date.now();
    for (const [kind, { until }] of this.#known) {
      if (until > now) continue;
      this.#known.delete(kind);
      this.ctx.storage.kv.delete(kind);
    }
    const ends = [...this.#known.values()].map(({ until }) => until);
    if (ends.length > 0) await this.ctx.storage.setAlarm(Math.min(...ends));
    else await this.ctx.storage.deleteAll();
  }
}
