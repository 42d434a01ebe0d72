import type { Runtime } from "../runtime.ts";
import { stillHolds } from "./changes.ts";
import type { Relied } from "./changes-object.ts";
import type { Remembered } from "./remembered.ts";

interface Used {
  memory: Pick<Remembered<unknown>, "held" | "lapsed">;
  key: string;
  relied: Relied;
  isFresh: boolean;
}

/** What one call goes by that was read before: asked about all at once, before the call counts on it or beside what it does. */
export class Relying {
  #used: Used[] = [];

  /** What is remembered under `key` at `now` (ms), if anything. */
  recall<V>(memory: Remembered<V>, key: string, now: number): V | undefined {
    const known = memory.get(key, now);
    if (known) this.#used.push({ memory, key, ...known });
    return known?.value;
  }

  /** All of it, where any is not fresh: what is asked about together stays fresh together. */
  get relied(): Relied[] {
    return this.#used.every(({ isFresh }) => isFresh) ? [] : this.#used.map(({ relied }) => relied);
  }

  /** Whether all of it holds, which makes it fresh. What does not is forgotten, and also where nobody answers: then the database does. */
  async holds(runtime: Runtime): Promise<boolean> {
    const { relied } = this;
    if (relied.length === 0) return true;
    const now = runtime.clock.now();
    const holds = await stillHolds(runtime, relied);
    if (holds) for (const used of this.#used) used.memory.held(used.key, used.relied, now);
    else for (const used of this.#used) used.memory.lapsed(used.key, used.relied);
    this.#used = [];
    return holds;
  }

  /** Forgets all of it, so that it is read anew. */
  forget(): void {
    for (const { memory, key, relied } of this.#used) memory.lapsed(key, relied);
    this.#used = [];
  }
}

/** What `find` comes to, by what is remembered where all of that holds, else by what it reads then. */
export async function findReliably<T>(runtime: Runtime, find: (relying: Relying) => Promise<T>): Promise<T> {
  for (;;) {
    const relying = new Relying();
    try {
      const found = await find(relying);
      if (await relying.holds(runtime)) return found;
    } catch (error) {
      // A refusal may come of what does not hold any more, too.
      if (await relying.holds(runtime)) throw error;
    }
  }
}
