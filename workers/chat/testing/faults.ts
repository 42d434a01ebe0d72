/** What happens at a call to D1: it fails or the process dies, before or after the work is done. */
export type Fault = "fails-before" | "fails-after" | "dies-before" | "dies-after";

/** Decides, by the number of the call, what goes wrong at it. */
export interface FaultPlan {
  /** Call number (from 1) to fault. */
  faults: Map<number, Fault>;
  calls: number;
  /** Set by a call at which the process shall die; it waits until somebody outside kills the object. */
  isDying: boolean;
}

type Around = <T>(conversationId: string | undefined, work: () => Promise<T>) => Promise<T>;

class FaultyStatement {
  readonly inner: D1PreparedStatement;
  /** Which conversation it is about: every statement of a conversation's object names it. */
  readonly conversationId: string | undefined;
  readonly #around: Around;

  constructor(inner: D1PreparedStatement, around: Around, conversationId?: string) {
    this.inner = inner;
    this.#around = around;
    this.conversationId = conversationId;
  }

  bind(...values: unknown[]): FaultyStatement {
    const id = values.find((value) => typeof value === "string" && value.startsWith("conv_"));
    return new FaultyStatement(this.inner.bind(...values), this.#around, id as string | undefined);
  }

  all() {
    return this.#around(this.conversationId, () => this.inner.all());
  }

  run() {
    return this.#around(this.conversationId, () => this.inner.run());
  }

  raw() {
    return this.#around(this.conversationId, () => this.inner.raw());
  }
}

/** Waits to be killed. A call of a request, which outlives the object, is cut off instead. */
function hang(plan: FaultPlan): Promise<never> {
  plan.isDying = true;
  return new Promise((_, reject) => setTimeout(() => reject(new Error("D1_ERROR: the process died")), 100));
}

/** The real database, with the faults that each conversation's plan wants around its calls. */
export function withFaults(database: D1Database, plans: ReadonlyMap<string, FaultPlan>): D1Database {
  const around: Around = async (conversationId, work) => {
    const plan = plans.get(conversationId ?? "");
    if (!plan) return work();
    plan.calls++;
    const fault = plan.faults.get(plan.calls);
    if (fault === "fails-before") throw new Error("D1_ERROR: the test cut the line before");
    if (fault === "dies-before") await hang(plan);
    const done = await work();
    if (fault === "fails-after") throw new Error("D1_ERROR: the test cut the line after");
    if (fault === "dies-after") await hang(plan);
    return done;
  };
  return {
    prepare: (query: string) => new FaultyStatement(database.prepare(query), around),
    batch: (statements: FaultyStatement[]) =>
      around(statements.map(({ conversationId }) => conversationId).find(Boolean), () =>
        database.batch(statements.map(({ inner }) => inner)),
      ),
  } as unknown as D1Database;
}

/** A small generator: the same seed gives the same numbers between 0 and 1. */
export function randomOf(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
