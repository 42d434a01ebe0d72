import type { LedgerAccount } from "../accounts.ts";
import { isOwed, isOwing } from "../accounts.ts";
import { Ledger } from "../ledger.ts";
import type { Terms } from "../split.ts";
import { Crash, NodeStorage } from "./node-storage.ts";

/** A generator of numbers from 0 to less than 1, the same ones for the same seed (mulberry32). */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Command = (ledger: Ledger, now: number) => unknown;

/** One wallet that may die at any commit, with what others were told of its books. */
class Simulated {
  readonly name: string;
  readonly #storage = new NodeStorage();
  ledger = new Ledger(this.#storage);
  /** What was told elsewhere, by number: told again, it is the same row. */
  readonly projected = new Map<number, { debit: LedgerAccount; credit: LedgerAccount; amount: number }>();
  told = 0;
  crashed = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** Does it, however often the process dies meanwhile, and then once more where `isRepeated`. */
  do(command: Command, now: number, faults: { crashes: "before" | "behind" | null; isRepeated: boolean }): void {
    this.#storage.crashes = faults.crashes;
    this.#attempt(command, now);
    this.#storage.crashes = null;
    if (!faults.isRepeated) return;
    const before = JSON.stringify([...this.ledger.books.balances()]);
    this.#attempt(command, now);
    if (JSON.stringify([...this.ledger.books.balances()]) !== before)
      throw new Error(`${this.name}: what was repeated was done again: ${command}`);
  }

  #attempt(command: Command, now: number): void {
    try {
      command(this.ledger, now);
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      this.crashed += 1;
      this.ledger = new Ledger(this.#storage);
      command(this.ledger, now);
    }
  }

  /** Tells others of what they were not told yet; where it is `forgotten` that they were, they are told again. */
  project(isForgotten: boolean): ReturnType<Ledger["books"]["transfersAfter"]> {
    const rows = this.ledger.books.transfersAfter(this.told, 1_000);
    for (const { seq, debit, credit, amount } of rows) this.projected.set(seq, { debit, credit, amount });
    if (!isForgotten) this.told = rows.at(-1)?.seq ?? this.told;
    return rows;
  }

  /** Throws where something is not as it always has to be. */
  check(): void {
    const balances = this.ledger.books.balances();
    let sum = 0;
    for (const [account, amount] of balances) {
      sum += amount;
      if (isOwed(account) && amount < 0) throw new Error(`${this.name}: ${account} is ${amount}.`);
      if (isOwing(account) && amount > 0) throw new Error(`${this.name}: ${account} is ${amount}.`);
    }
    if (sum !== 0) throw new Error(`${this.name}: all accounts together are ${sum}.`);
    const recounted = this.ledger.books.recounted();
    for (const account of new Set([...balances.keys(), ...recounted.keys()]))
      if ((balances.get(account) ?? 0) !== (recounted.get(account) ?? 0))
        throw new Error(`${this.name}: ${account} is not what its transfers say.`);
    const lots = this.ledger.purse.lots().reduce((all, { left }) => all + left, 0);
    if (lots !== this.ledger.books.balance("granted"))
      throw new Error(`${this.name}: its lots are not what is granted.`);
  }

  checkProjection(): void {
    const sums = new Map<LedgerAccount, number>();
    const add = (account: LedgerAccount, amount: number) => sums.set(account, (sums.get(account) ?? 0) + amount);
    for (const { debit, credit, amount } of this.projected.values()) {
      add(debit, -amount);
      add(credit, amount);
    }
    for (const account of new Set([...sums.keys(), ...this.ledger.books.balances().keys()]))
      if ((sums.get(account) ?? 0) !== this.ledger.books.balance(account))
        throw new Error(`${this.name}: others were told another balance of ${account}.`);
  }
}

const hour = 3_600_000;

/**
 * Does `count` random things with the wallets of a visitor and an expert, with deaths before and behind commits, repetitions, clocks that go wrong, and earnings that arrive late or
 * twice. Throws at the first thing that is not as it has to be. Returns how much of each happened.
 */
export function simulate(seed: number, count: number): { operations: number; crashes: number; repeated: number } {
  const next = numbersFrom(seed);
  const below = (most: number) => Math.floor(next() * most);
  const visitor = new Simulated("visitor");
  const expert = new Simulated("expert");
  const terms: Terms = { priceId: "price_1", shares: [{ wallet: "expert", basisPoints: below(10_001) }] };
  const known = { holds: [] as string[], sessions: [] as string[], disputes: [] as string[], payouts: [] as string[] };
  const resolved = new Map<string, string>();
  let now = Date.UTC(2026, 10, 28);
  let repeated = 0;
  const one = (ids: string[]) => ids[below(ids.length)] ?? "none";

  const commands: ((id: string) => [Simulated, Command])[] = [
    (id) => [visitor, (ledger, at) => ledger.funds.fund({ id, amount: amounts[0], details: {} }, at)],
    (id) => [
      visitor,
      (ledger, at) =>
        ledger.funds.grant(
          {
            id,
            amount: amounts[0],
            expiresAt: amounts[1] % 3 === 0 ? null : at + amounts[1] * 1_000,
            isPaid: amounts[1] % 2 === 0,
            details: {},
          },
          at,
        ),
    ],
    ...Array.from({ length: 5 }, () => (id: string): [Simulated, Command] => {
      known.holds.push(id);
      const cloneId = next() < 0.2 ? one(known.sessions) : null;
      const of = { usage: amounts[0], leastUsage: amounts[1] % 1_000, price: amounts[2], needsSession: false };
      const ask = { id, ...of, terms, details: {}, cloneId };
      return [visitor, (ledger, at) => ledger.holds.hold({ ...ask, expiresAt: at + amounts[1] }, at)];
    }),
    ...Array.from({ length: 5 }, () => (): [Simulated, Command] => {
      const id = one(known.holds);
      const due = { usage: amounts[1], price: amounts[2] };
      return [
        visitor,
        (ledger, at) => {
          if (!ledger.operations.find(id)) return;
          const charge = JSON.stringify(ledger.holds.settle({ id, due, details: {}, terms }, at));
          const before = resolved.get(id);
          if (before !== undefined && before !== charge) throw new Error(`The hold ${id} was resolved twice.`);
          resolved.set(id, charge);
        },
      ];
    }),
    () => {
      const id = one(known.holds);
      return [visitor, (ledger, at) => ledger.holds.release(id, at)];
    },
    (id) => [
      visitor,
      (ledger, at) =>
        ledger.holds.charge({ id, due: { usage: amounts[1], price: amounts[2] }, details: {}, terms }, at),
    ],
    (id) => [
      visitor,
      (ledger, at) => ledger.funds.refund({ id, amount: amounts[0], force: amounts[1] % 2 === 0, details: {} }, at),
    ],
    (id) => {
      known.disputes.push(id);
      return [visitor, (ledger, at) => ledger.disputes.open({ id, amount: amounts[0], details: {} }, at)];
    },
    () => {
      const id = one(known.disputes);
      return [visitor, (ledger, at) => ledger.disputes.end(id, amounts[0] % 2 === 0, at - hour * 24, at)];
    },
    (id) => {
      known.sessions.push(id);
      const ask = { id, price: amounts[1], terms, details: { clone_id: id } };
      return [visitor, (ledger, at) => ledger.sessions.open({ ...ask, until: at + amounts[2] }, at)];
    },
    (id) => {
      const session = one(known.sessions);
      return [
        visitor,
        (ledger, at) => ledger.sessions.extend(id, session, { price: amounts[2], until: at + amounts[0] }, at),
      ];
    },
    () => {
      const id = one(known.sessions);
      return [visitor, (ledger, at) => ledger.sessions.close(id, at)];
    },
    (id) => {
      known.payouts.push(id);
      return [expert, (ledger, at) => ledger.earnings.beginPayout(id, amounts[0], {}, at)];
    },
    () => {
      const id = one(known.payouts);
      return [expert, (ledger, at) => ledger.earnings.endPayout(id, amounts[0] % 2 === 0, at)];
    },
    () => [visitor, (ledger, at) => ledger.tick(at)],
    () => [expert, (ledger, at) => ledger.tick(at)],
  ];
  let amounts: [number, number, number] = [1, 1, 1];

  const faults = () => {
    const isRepeated = next() < 0.3;
    repeated += Number(isRepeated);
    const crashes = next() < 0.1 ? ("before" as const) : next() < 0.1 ? ("behind" as const) : null;
    return { crashes, isRepeated };
  };

  /** What the visitor's books say of the expert's reaches these: late, again where that was forgotten, and in its order. */
  const deliver = (isForgotten: boolean) => {
    for (const { seq, debit, credit, amount } of visitor.project(isForgotten)) {
      const of = { id: `visitor:${seq}`, amount, from: "visitor", matureAt: now + hour, details: {} };
      if (credit === "clearing:expert") expert.do((ledger, at) => ledger.earnings.earn(of, at), now, faults());
      if (debit === "clearing:expert") expert.do((ledger, at) => ledger.earnings.reverse(of, at), now, faults());
    }
    expert.project(isForgotten);
  };

  for (let i = 0; i < count; i++) {
    // Time goes on, and sometimes a clock is wrong.
    now += next() < 0.02 ? -below(hour) : below(20 * 60_000);
    amounts = [1 + below(3_000_000), below(400_000), below(200_000)];
    const [wallet, command] = (commands[below(commands.length)] as (typeof commands)[number])(`op_${i}`);
    wallet.do(command, now, faults());
    if (next() < 0.3) deliver(next() < 0.2);
    if (i % 25 === 0) {
      visitor.check();
      expert.check();
    }
  }
  while (visitor.ledger.books.transfersAfter(visitor.told, 1).length > 0) deliver(false);
  while (expert.ledger.books.transfersAfter(expert.told, 1).length > 0) expert.project(false);
  for (const wallet of [visitor, expert]) {
    wallet.check();
    wallet.checkProjection();
  }
  const between = visitor.ledger.books.balance("clearing:expert") + expert.ledger.books.balance("clearing:visitor");
  if (between !== 0) throw new Error(`${between} is between the two wallets.`);
  return { operations: count, crashes: visitor.crashed + expert.crashed, repeated };
}
