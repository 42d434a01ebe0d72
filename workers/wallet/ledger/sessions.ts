import type { LedgerAccount } from "./accounts.ts";
import { finished } from "./funds.ts";
import type { LedgerParts } from "./ledger.ts";
import { type Wall, wallsBefore } from "./limits.ts";
import type { Details, Operation } from "./operations.ts";
import { type Charge, noTerms, splitCharge, type Terms } from "./split.ts";

export interface SessionAsk {
  id: string;
  price: number;
  terms: Terms;
  details: Details;
  /** When it closes, in ms. */
  until: number;
}

const nothing: Charge = { total: 0, usage: 0, fee: 0, shares: [], absorbed: 0 };

const added = (one: Charge, other: Charge): Charge => ({
  total: one.total + other.total,
  usage: one.usage + other.usage,
  fee: one.fee + other.fee,
  shares: other.shares.map(({ wallet, amount }, i) => ({ wallet, amount: amount + (one.shares[i]?.amount ?? 0) })),
  absorbed: 0,
});

/**
 * Parts what is left of a session that is over, which may be more than once: what was held for its last answer comes back to it later. Within `commit`; null where it is still open.
 */
export function partWhatIsLeft({ books, operations }: LedgerParts, id: string, now: number): Charge | null {
  const session = operations.find(id);
  if (session?.state !== "closed") return null;
  const left = books.balance(accountOf(id));
  const charge = splitCharge({ usage: 0, price: left }, session.terms ?? noTerms, left);
  books.transfer(id, accountOf(id), "revenue", charge.fee, now);
  for (const { wallet, amount } of charge.shares) books.transfer(id, accountOf(id), `clearing:${wallet}`, amount, now);
  const all = session.charge ? added(session.charge, charge) : charge;
  operations.set(session, { state: "closed", endedAt: session.endedAt, charge: all });
  return all;
}

const accountOf = (id: string): LedgerAccount => `session:${id}`;

/**
 * Sessions with an expert's clone: their price is set aside when they open, pays for what the model takes meanwhile, and what is left is parted when they close. Who leaves before anything
 * was answered has it back.
 */
export class Sessions {
  readonly #parts: LedgerParts;

  constructor(parts: LedgerParts) {
    this.#parts = parts;
  }

  /** What is left of one for answers. */
  left(id: string): number {
    return this.#parts.books.balance(accountOf(id));
  }

  /** Opens one, at most once: the wall before which it stands, or null where it is open. */
  open({ id, price, terms, details, until }: SessionAsk, now: number): Wall | null {
    const { books, operations, purse, spending } = this.#parts;
    return books.commit(() => {
      if (operations.find(id)) return null;
      const wall = this.#wall(price, now);
      if (wall) return wall;
      const drawn = price === 0 ? [] : purse.draw(id, accountOf(id), price, now, null);
      spending.add(now, price);
      operations.add({
        ...{ id, kind: "session", state: "open", amount: price, delta: -price || 0, drawn, terms, details },
        ...{ charge: null, at: now, expiresAt: until, endedAt: null },
      });
      return null;
    });
  }

  #wall(price: number, now: number): Wall | null {
    const { purse, spending } = this.#parts;
    const [{ wall, room }] = wallsBefore(
      { ...spending.limits, perMessage: null },
      spending.spent(now),
      purse.spendable(),
    );
    return room < price ? wall : null;
  }

  /** Makes one that is open longer, for a price; `id` is the extension's own. The wall where it cannot be; `conflict` where it is not open. */
  extend(id: string, sessionId: string, more: { price: number; until: number }, now: number): Wall | "closed" | null {
    const { books, operations, purse, spending } = this.#parts;
    return books.commit(() => {
      if (operations.find(id)) return null;
      const session = operations.find(sessionId);
      if (session?.state !== "open" || session.kind !== "session") return "closed";
      const wall = this.#wall(more.price, now);
      if (wall) return wall;
      const drawn = more.price === 0 ? [] : purse.draw(id, accountOf(sessionId), more.price, now, null);
      spending.add(now, more.price);
      operations.set(
        { ...session, drawn: [...session.drawn, ...drawn], expiresAt: more.until },
        { state: "open", endedAt: null, amount: session.amount + more.price, delta: session.delta - more.price },
      );
      operations.add(finished({ id, amount: more.price, details: { session: sessionId } }, "session", "done", 0, now));
      return null;
    });
  }

  /** Closes one before its time: all of it returns where nothing was answered, nor is. What was paid by it; null where there is none. */
  close(id: string, now: number): Charge | null {
    return this.#parts.books.commit(() => {
      const session = this.#parts.operations.find(id);
      if (session?.kind !== "session" || session.state !== "open") return session?.charge ?? null;
      return this.left(id) === session.amount ? this.#giveBack(session, now) : this.end(session, now);
    });
  }

  /** Within `commit`. */
  end(session: Operation, now: number): Charge {
    this.#parts.operations.set(session, { state: "closed", endedAt: now });
    return partWhatIsLeft(this.#parts, session.id, now) ?? nothing;
  }

  #giveBack(session: Operation, now: number): Charge {
    const { operations, purse, spending } = this.#parts;
    const drawn = purse.giveBack(session.id, accountOf(session.id), session.drawn, session.amount, now);
    // Each day has back what was paid on it.
    const extensions = operations.extensionsOf(session.id);
    for (const { at, amount } of extensions) spending.add(at, -amount);
    spending.add(session.at, extensions.reduce((rest, { amount }) => rest + amount, 0) - session.amount);
    operations.set({ ...session, drawn }, { state: "released", endedAt: now, delta: 0, charge: nothing });
    return nothing;
  }
}
