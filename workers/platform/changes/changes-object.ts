import { DurableObject } from "cloudflare:workers";

/** For how long somebody may rely on what they have read before they must read it anew, in ms. */
export const reliedOnMs = 60_000;
/** By how much the clocks of two machines may differ, in ms: what was read so shortly before or after a change counts as read before it. */
const clocksDifferMs = 2_000;
/** For how long a change is kept, in ms: by then nobody relies on what they read before it. */
const keptMs = 2 * reliedOnMs;

/**
 * Knows what has changed lately: people, sessions, keys, workspaces, clones. Who remembers something of them asks here whether it still
 * holds, which takes one call to memory where the database would be read. What has changed is stored, so that a new start forgets nothing.
 */
export class ChangesObject extends DurableObject<Env> {
  /** When a subject last changed, in ms. */
  readonly #changed: Map<string, number>;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#changed = new Map(state.storage.kv.list<number>());
  }

  /** Notes that subjects have changed; to be told once that is stored. */
  async note(subjects: readonly string[]): Promise<void> {
    const now = Date.now();
    for (const subject of subjects) {
      this.#changed.set(subject, now);
      this.ctx.storage.kv.put(subject, now);
    }
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(now + keptMs);
  }

  /** Whether nothing that is relied on has changed since it was read. */
  async holds(relied: readonly Relied[]): Promise<boolean> {
    return relied.every(({ subjects, asOf }) =>
      subjects.every((subject) => (this.#changed.get(subject) ?? 0) < asOf - clocksDifferMs),
    );
  }

  /** Forgets what nobody asks for any more. */
  override async alarm(): Promise<void> {
    const now = Date.now();
    for (const [subject, at] of this.#changed) {
      if (at > now - keptMs) continue;
      this.#changed.delete(subject);
      this.ctx.storage.kv.delete(subject);
    }
    if (this.#changed.size > 0) await this.ctx.storage.setAlarm(now + keptMs);
  }
}

/** What somebody goes by: that none of `subjects` (`user:…`, `clone:…`) has changed since `asOf`, in ms, when it began to be read. */
export interface Relied {
  subjects: readonly string[];
  asOf: number;
}
