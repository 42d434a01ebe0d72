import type { LedgerAccount } from "./accounts.ts";
import type { LedgerParts } from "./ledger.ts";
import { noLimits, type Wall, wallsBefore } from "./limits.ts";
import type { Details, Drawn, Operation } from "./operations.ts";
import { partWhatIsLeft } from "./sessions.ts";
import { type Charge, type Due, noTerms, splitCharge, type Terms } from "./split.ts";

export interface HoldAsk {
  id: string;
  /** What the model may take at most, and the least that is of any use: so much between them is held as there is room for. */
  usage: number;
  leastUsage: number;
  /** The price above that; nothing where a session is open with the clone, or it was paid for this answer before (`details.message_id`). */
  price: number;
  cloneId: string | null;
  /** Whether nothing is answered without a session. */
  needsSession: boolean;
  terms: Terms;
  details: Details;
  /** When it is given back by itself, in ms. */
  expiresAt: number;
}

/**
 * What came of a hold: how much is held, and what of that is for the model, what for the price; or before which wall it stands, and how much room is left there. `over`: it was given back
 * meanwhile, and what is over is not begun again.
 */
export type Held =
  | { held: number; usage: number; price: number }
  | { refused: Wall | "session" | "over"; room: number };

export interface SettleAsk {
  id: string;
  due: Due;
  details: Details;
  /** By what it is paid where nothing is held any more. */
  terms: Terms;
}

/** The session in which something was begun: its credits pay for it, never together with others, and also where they turned out to pay nothing. */
const sessionIn = ({ details }: Operation): string | null =>
  typeof details.session_id === "string" ? details.session_id : null;

const accountOf = (session: string | null): LedgerAccount | null => (session === null ? null : `session:${session}`);

/** Sets credits aside for what is about to be done, and pays it of these: a hold is resolved at most once, whoever comes again. */
export class Holds {
  readonly #parts: LedgerParts;

  constructor(parts: LedgerParts) {
    this.#parts = parts;
  }

  /** Sets aside, or, where that was done under the same id, more of it as it is asked for more now. */
  hold(ask: HoldAsk, now: number): Held {
    const { books, operations } = this.#parts;
    return books.commit((): Held => {
      const known = operations.find(ask.id);
      if (known && known.state !== "held") return { refused: "over", room: 0 };
      const session = known ? sessionIn(known) : this.#openSession(ask.cloneId);
      if (ask.needsSession && session === null) return { refused: "session", room: 0 };
      const price = this.#priceOf(ask.id, ask.price, ask.details, session);
      const before = known?.amount ?? 0;
      const [most, least] = [ask.usage + price, ask.leastUsage + price];
      if (known && most <= before) return { held: before, usage: before - price, price };
      const { granted, wall, room } = this.#room(most, before, session, known?.at ?? now);
      if (before + granted < least) return { refused: wall, room };
      this.#set(ask, known, granted, session, now);
      return { held: before + granted, usage: before + granted - price, price };
    });
  }

  /** What an answer is paid by above what its model takes: nothing in a session, and once for all turns that write it. */
  #priceOf(id: string, price: number, { message_id: messageId }: Details, session: string | null): number {
    if (session !== null || price === 0 || typeof messageId !== "string") return session === null ? price : 0;
    const others = this.#parts.operations.ofMessage(messageId).filter((each) => each.id !== id);
    return others.some(({ charge }) => charge && charge.total > charge.usage) ? 0 : price;
  }

  /** The session that is open with a clone: its credits pay for what is asked of it. */
  #openSession(cloneId: string | null): string | null {
    if (cloneId === null) return null;
    const open = this.#parts.operations.openOf("session");
    return open.find(({ details }) => details.clone_id === cloneId)?.id ?? null;
  }

  /** `at` is when it was begun: on that day it counts, also what is added later. */
  #room(most: number, before: number, session: string | null, at: number) {
    const { spending, purse } = this.#parts;
    const limits = spending.limits;
    const perMessage = limits.perMessage === null ? null : Math.max(0, limits.perMessage - before);
    // What a session may take was looked at when it was opened.
    const walls = session === null ? { ...limits, perMessage } : noLimits;
    const [nearest] = wallsBefore(walls, spending.spent(at), purse.spendable(accountOf(session)));
    return { granted: Math.min(most - before, nearest.room), wall: nearest.wall, room: nearest.room };
  }

  #set(ask: HoldAsk, known: Operation | undefined, amount: number, session: string | null, now: number): void {
    const { operations, purse, spending } = this.#parts;
    const drawn = amount === 0 ? [] : purse.draw(ask.id, "held", amount, now, accountOf(session));
    // A session's credits counted when it was opened.
    if (session === null) spending.add(known?.at ?? now, amount);
    const { id, terms, details, expiresAt } = ask;
    const all: Drawn[] = [...(known?.drawn ?? []), ...drawn];
    if (known)
      operations.set(
        { ...known, drawn: all, expiresAt },
        { state: "held", endedAt: null, amount: known.amount + amount },
      );
    else
      operations.add({
        ...{ id, kind: "hold", state: "held", amount, delta: 0, drawn: all, terms },
        details: session === null ? details : { ...details, session_id: session },
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
      // Nothing was ever held where nothing could be due.
      if (!known && due.usage + due.price === 0) return splitCharge(due, terms, 0);
      if (!known) return this.#charge({ id, due, details, terms }, now);
      return this.#charge({ id: `${id}/late`, due, details: { ...known.details, ...details }, terms }, now);
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
    const session = sessionIn(held);
    const price = this.#priceOf(held.id, due.price, held.details, session);
    const charge = splitCharge({ ...due, price }, held.terms ?? noTerms, held.amount);
    const rest = held.amount - charge.total;
    const drawn = purse.giveBack(held.id, "held", held.drawn, rest, now);
    this.#pay(held.id, "held", charge, now);
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

  /** Takes what something took that nothing was held for, as far as there is anything, in a session of what is left of that: nobody is overdrawn by it. */
  charge(ask: SettleAsk, now: number): Charge {
    return this.#parts.books.commit(() => this.#charge(ask, now));
  }

  #charge({ id, due, details, terms }: SettleAsk, now: number): Charge {
    const { operations, purse, spending } = this.#parts;
    const known = operations.find(id);
    if (known?.charge) return known.charge;
    const session = typeof details.session_id === "string" ? details.session_id : null;
    const price = this.#priceOf(id, due.price, details, session);
    const charge = splitCharge({ ...due, price }, terms, purse.spendable(accountOf(session)));
    const { total } = charge;
    const drawn = total === 0 ? [] : purse.draw(id, "held", total, now, accountOf(session));
    this.#pay(id, "held", charge, now);
    if (session === null) spending.add(now, total);
    operations.add({
      ...{ id, kind: "charge", state: "settled", amount: total, delta: session ? 0 : -total || 0 },
      ...{ drawn, terms, details, charge, at: now, expiresAt: null, endedAt: now },
    });
    return charge;
  }
}
