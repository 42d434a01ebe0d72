import type { LedgerAccount } from "./accounts.ts";
import type { LedgerParts } from "./ledger.ts";
import { type Wall, wallsBefore } from "./limits.ts";
import type { Details, Drawn, Operation } from "./operations.ts";
import { partWhatIsLeft } from "./sessions.ts";
import { type Charge, type Due, splitCharge, type Terms } from "./split.ts";

export interface HoldAsk {
  id: string;
  /** What it may take at most, and the least that is of any use: so much between them is held as there is room for. */
  amount: number;
  least: number;
  terms: Terms;
  details: Details;
  /** When it is given back by itself, in ms. */
  expiresAt: number;
  /** The session whose credits pay it; null for the wallet's own. */
  session: string | null;
}

/** What came of a hold: how much is held, or before which wall it stands and how much room is left there. */
export type Held = { held: number } | { refused: Wall; room: number };

export interface SettleAsk {
  id: string;
  due: Due;
  details: Details;
  /** By what it is paid where nothing is held any more. */
  terms: Terms;
}

/** The session that something was drawn from, whose credits are never drawn together with others. */
const sessionIn = (drawn: readonly Drawn[]): string | null => /^session:(.+)$/.exec(drawn[0]?.lot ?? "")?.[1] ?? null;

const accountOf = (session: string | null): LedgerAccount | null => (session === null ? null : `session:${session}`);

/** Sets credits aside for what is about to be done, and pays it of these: a hold is resolved at most once, whoever comes again. */
export class Holds {
  readonly #parts: LedgerParts;

  constructor(parts: LedgerParts) {
    this.#parts = parts;
  }

  /** Sets aside, or, where that was done under the same id, more of it as `amount` is larger now. */
  hold(ask: HoldAsk, now: number): Held {
    const { books, operations } = this.#parts;
    return books.commit((): Held => {
      const known = operations.find(ask.id);
      // What is over is not begun again.
      if (known && known.state !== "held") return { held: 0 };
      const before = known?.amount ?? 0;
      const more = ask.amount - before;
      if (more <= 0) return { held: before };
      const { granted, wall, room } = this.#room(ask, before, now);
      if (before + granted < ask.least) return { refused: wall, room };
      this.#set(ask, known, granted, now);
      return { held: before + granted };
    });
  }

  #room(ask: HoldAsk, before: number, now: number) {
    const { spending, purse } = this.#parts;
    const limits = spending.limits;
    const perMessage = limits.perMessage === null ? null : Math.max(0, limits.perMessage - before);
    const spent = spending.spent(now);
    const [nearest] = wallsBefore({ ...limits, perMessage }, spent, purse.spendable(accountOf(ask.session)));
    return { granted: Math.min(ask.amount - before, nearest.room), wall: nearest.wall, room: nearest.room };
  }

  #set(ask: HoldAsk, known: Operation | undefined, amount: number, now: number): void {
    const { operations, purse, spending } = this.#parts;
    const drawn = amount === 0 ? [] : purse.draw(ask.id, "held", amount, now, accountOf(ask.session));
    // A session's credits counted when it was opened.
    if (!ask.session) spending.add(known?.at ?? now, amount);
    const { id, terms, details, expiresAt } = ask;
    const all: Drawn[] = [...(known?.drawn ?? []), ...drawn];
    if (known)
      operations.set(
        { ...known, drawn: all, expiresAt },
        { state: "held", endedAt: null, amount: known.amount + amount },
      );
    else
      operations.add({
        ...{ id, kind: "hold", state: "held", amount, delta: 0, drawn: all, terms, details },
        ...{ charge: null, at: now, expiresAt, endedAt: null },
      });
  }

  /** Pays what something took, of what is held for it; the rest returns to where it came from. Where nothing is held any more, see `charge`. */
  settle({ id, due, details, terms }: SettleAsk, now: number): Charge {
    const { books, operations } = this.#parts;
    return books.commit(() => {
      const known = operations.find(id);
      if (known?.charge) return known.charge;
      if (known?.state === "held") return this.#resolve(known, due, "settled", now, details);
      return this.#charge({ id: known ? `${id}/late` : id, due, details, terms }, now);
    });
  }

  /** Gives back all that is held under an id. */
  release(id: string, now: number): void {
    const { books, operations } = this.#parts;
    books.commit(() => {
      const known = operations.find(id);
      if (known?.state === "held") this.#resolve(known, { usage: 0, price: 0 }, "released", now);
    });
  }

  /** Within `commit`. */
  expire(operation: Operation, now: number): void {
    this.#resolve(operation, { usage: 0, price: 0 }, "expired", now);
  }

  #resolve(
    held: Operation,
    due: Due,
    state: "settled" | "released" | "expired",
    now: number,
    more: Details = {},
  ): Charge {
    const { operations, purse, spending } = this.#parts;
    const charge = splitCharge(due, held.terms ?? { priceId: null, shares: [] }, held.amount);
    const rest = held.amount - charge.total;
    const drawn = purse.giveBack(held.id, "held", held.drawn, rest, now);
    this.#pay(held.id, "held", charge, now);
    const session = sessionIn(held.drawn);
    if (session) partWhatIsLeft(this.#parts, session, now);
    else spending.add(held.at, -rest);
    operations.set(
      { ...held, drawn, details: { ...held.details, ...more } },
      { state, endedAt: now, delta: session ? 0 : -charge.total || 0, ...(state === "settled" ? { charge } : {}) },
    );
    return charge;
  }

  #pay(id: string, from: LedgerAccount, { usage, fee, shares }: Charge, now: number): void {
    const { books } = this.#parts;
    books.transfer(id, from, "revenue", usage + fee, now);
    for (const { wallet, amount } of shares) books.transfer(id, from, `clearing:${wallet}`, amount, now);
  }

  /** Takes what something took that nothing was held for, as far as there is anything: nobody is overdrawn by it. */
  charge(ask: SettleAsk, now: number): Charge {
    return this.#parts.books.commit(() => this.#charge(ask, now));
  }

  #charge({ id, due, details, terms }: SettleAsk, now: number): Charge {
    const { operations, purse, spending } = this.#parts;
    const known = operations.find(id);
    if (known?.charge) return known.charge;
    const charge = splitCharge(due, terms, purse.spendable());
    const drawn = charge.total === 0 ? [] : purse.draw(id, "held", charge.total, now, null);
    this.#pay(id, "held", charge, now);
    spending.add(now, charge.total);
    operations.add({
      ...{
        id,
        kind: "charge",
        state: "settled",
        amount: charge.total,
        delta: -charge.total || 0,
        drawn,
        terms,
        details,
      },
      ...{ charge, at: now, expiresAt: null, endedAt: now },
    });
    return charge;
  }
}
