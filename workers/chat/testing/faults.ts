import type { Projection } from "../projection/projection.ts";

/** What happens at a call: it fails or the process dies, before or after the work is done. */
export type Fault = "fails-before" | "fails-after" | "dies-before" | "dies-after";

/** The objects that make such calls: a conversation's own, and what writes all conversations' rows. */
type Caller = "conversation" | "projection";

/** Decides, by the number of the call, what goes wrong at it. */
export interface FaultPlan {
  /** Call number (from 1) to fault. */
  faults: Map<number, Fault>;
  calls: number;
  /** Set by a call at which its caller shall die; it waits until somebody outside kills the object. */
  dying: Caller | null;
}

export type FaultPlans = ReadonlyMap<string, FaultPlan>;

const conversationId = /conv_\w+/g;

/** Which conversations a call is about, and who makes it: what one asks of itself names it alone, what is written for many is JSON. */
function aboutOf(values: readonly unknown[]): { ids: string[]; by: Caller } {
  const texts = values.filter((value) => typeof value === "string");
  const own = texts.filter((text) => text.startsWith("conv_"));
  if (own.length > 0) return { ids: own, by: "conversation" };
  return { ids: [...new Set(texts.flatMap((text) => text.match(conversationId) ?? []))], by: "projection" };
}

/** Waits to be killed. A call of a request, which outlives the object, is cut off instead. */
function hang(plan: FaultPlan, dying: Caller): Promise<never> {
  plan.dying = dying;
  return new Promise((_, reject) => setTimeout(() => reject(new Error("D1_ERROR: the process died")), 100));
}

/** Does some work, with what the plans of its conversations have in store for it. */
async function around<T>(
  plans: FaultPlans,
  { ids, by }: ReturnType<typeof aboutOf>,
  work: () => Promise<T>,
): Promise<T> {
  const due = ids.flatMap((id) => {
    const plan = plans.get(id);
    const fault = plan?.faults.get(++plan.calls);
    return plan && fault ? [{ plan, fault }] : [];
  });
  const [before, after] = ["before", "after"].map((when) => due.find(({ fault }) => fault.endsWith(when)));
  if (before?.fault === "fails-before") throw new Error("D1_ERROR: the test cut the line before");
  if (before) await hang(before.plan, by);
  const done = await work();
  if (after?.fault === "fails-after") throw new Error("D1_ERROR: the test cut the line after");
  if (after) await hang(after.plan, by);
  return done;
}

class FaultyStatement {
  readonly inner: D1PreparedStatement;
  readonly values: readonly unknown[];
  readonly #plans: FaultPlans;

  constructor(inner: D1PreparedStatement, plans: FaultPlans, values: readonly unknown[] = []) {
    this.inner = inner;
    this.values = values;
    this.#plans = plans;
  }

  bind(...values: unknown[]): FaultyStatement {
    return new FaultyStatement(this.inner.bind(...values), this.#plans, values);
  }

  all() {
    return around(this.#plans, aboutOf(this.values), () => this.inner.all());
  }

  run() {
    return around(this.#plans, aboutOf(this.values), () => this.inner.run());
  }

  raw() {
    return around(this.#plans, aboutOf(this.values), () => this.inner.raw());
  }
}

/** The real database, with the faults that each conversation's plan wants around the calls that are about it. */
export function withFaults(database: D1Database, plans: FaultPlans): D1Database {
  return {
    prepare: (query: string) => new FaultyStatement(database.prepare(query), plans),
    batch: (statements: FaultyStatement[]) =>
      around(plans, aboutOf(statements.flatMap(({ values }) => values)), () =>
        database.batch(statements.map(({ inner }) => inner)),
      ),
  } as unknown as D1Database;
}

/** What writes all conversations' rows, with the faults that each conversation's plan wants on its way there. */
export function withFaultsBefore(namespace: Env["PROJECTION"], plans: FaultPlans): Env["PROJECTION"] {
  return {
    idFromName: (name: string) => namespace.idFromName(name),
    get: (id: DurableObjectId) => {
      const stub = namespace.get(id);
      return {
        project: (projection: Projection) =>
          around(plans, { ids: [projection.conversationId], by: "conversation" }, () => stub.project(projection)),
        caughtUp: () => stub.caughtUp(),
      };
    },
  } as unknown as Env["PROJECTION"];
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
