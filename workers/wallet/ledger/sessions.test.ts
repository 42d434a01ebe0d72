import { describe, expect, it } from "vitest";
import { Ledger } from "./ledger.ts";
import { NodeStorage } from "./testing/node-storage.ts";

const now = Date.UTC(2026, 11, 1, 12);
const [hour, day] = [3_600_000, 86_400_000];
const credit = 1_000_000;
const terms = { priceId: "price_1", shares: [{ wallet: "expert", basisPoints: 8_000 }] };

/** A wallet with a session that is open with the clone `cl`, for two credits. */
function inSession(funds = 10 * credit) {
  const ledger = new Ledger(new NodeStorage());
  ledger.funds.fund({ id: "pay", amount: funds, details: {} }, now);
  const session = { id: "ses", price: 2 * credit, terms, details: { clone_id: "cl" }, until: now + hour };
  expect(ledger.sessions.open(session, now)).toBeNull();
  const hold = (usage: number, more: { id?: string; price?: number } = {}, at = now) =>
    ledger.holds.hold(
      {
        ...{ id: "turn", usage, leastUsage: usage, price: credit, cloneId: "cl", needsSession: true, terms },
        ...{ details: {}, expiresAt: at + hour, ...more },
      },
      at,
    );
  const settle = (usage: number, at = now) =>
    ledger.holds.settle({ id: "turn", due: { usage, price: credit }, details: {}, terms }, at);
  return { ledger, hold, settle, balances: () => Object.fromEntries(ledger.books.balances()) };
}

describe("an answer in a session", () => {
  it("stays in it where its first model costs nothing, and another answers", () => {
    const { hold, settle, balances } = inSession();
    expect(hold(0)).toEqual({ held: 0, usage: 0, price: 0 });
    expect(hold(300_000)).toEqual({ held: 300_000, usage: 300_000, price: 0 });
    expect(settle(200_000)).toMatchObject({ total: 200_000, usage: 200_000, fee: 0, absorbed: 0 });
    expect(balances()).toMatchObject({ available: 8 * credit, "session:ses": 1_800_000 });
  });

  it("that is told of when nothing is held any more is paid by what is left of it, and by nothing else", () => {
    const { ledger, hold, settle, balances } = inSession();
    hold(300_000);
    ledger.sessions.extend("ext", "ses", { price: credit, until: now + day }, now);
    ledger.tick(now + hour);
    expect(settle(200_000, now + hour)).toMatchObject({ total: 200_000, usage: 200_000, fee: 0 });
    expect(balances()).toMatchObject({ available: 7 * credit, "session:ses": 2_800_000 });
  });

  it("of one that is over by then costs nothing", () => {
    const { ledger, hold, settle, balances } = inSession();
    hold(300_000);
    ledger.tick(now + 2 * hour);
    expect(settle(200_000, now + 2 * hour)).toMatchObject({ total: 0, absorbed: 200_000 });
    expect(balances().available).toBe(8 * credit);
  });

  it("keeps the session from being given back while it is written", () => {
    const { ledger, hold, settle, balances } = inSession();
    hold(300_000);
    ledger.sessions.close("ses", now);
    settle(200_000);
    expect(balances()).toMatchObject({ available: 8 * credit, "clearing:expert": 1_440_000 });
  });
});

describe("a session that is made longer", () => {
  it("counts on the day on which that is paid, below that day’s limit", () => {
    const { ledger } = inSession();
    ledger.spending.setLimits({ perMessage: null, perDay: 3 * credit, perMonth: null });
    ledger.sessions.extend("ext_1", "ses", { price: credit, until: now + 3 * day }, now);
    const next = now + day;
    expect(ledger.sessions.extend("ext_2", "ses", { price: 2 * credit, until: now + 4 * day }, next)).toBeNull();
    expect(ledger.spending.spent(next).day).toBe(2 * credit);
    expect(ledger.sessions.extend("ext_3", "ses", { price: 2 * credit, until: now + 5 * day }, next)).toBe("per_day");
    // Each day has back what was paid on it.
    ledger.sessions.close("ses", next);
    expect([ledger.spending.spent(now).day, ledger.spending.spent(next).day]).toEqual([0, 0]);
    expect(ledger.books.balance("available")).toBe(10 * credit);
  });
});

describe("a price", () => {
  it("is paid once for an answer, however often that is gone on with", () => {
    const ledger = new Ledger(new NodeStorage());
    ledger.funds.fund({ id: "pay", amount: 10 * credit, details: {} }, now);
    const turn = (id: string, price: number) => {
      const details = { message_id: "msg" };
      const ask = { id, usage: 500, leastUsage: 500, price: credit, cloneId: "cl", needsSession: false, terms };
      const held = ledger.holds.hold({ ...ask, details, expiresAt: now + hour }, now);
      return [held, ledger.holds.settle({ id, due: { usage: 500, price }, details, terms }, now).total];
    };
    // The first was cut off by us, and cost no more than its model.
    expect(turn("turn_1", 0)).toEqual([{ held: credit + 500, usage: 500, price: credit }, 500]);
    expect(turn("turn_2", credit)).toEqual([{ held: credit + 500, usage: 500, price: credit }, credit + 500]);
    expect(turn("turn_3", credit)).toEqual([{ held: 500, usage: 500, price: 0 }, 500]);
  });
});

describe("a hold that is raised after midnight", () => {
  it("stays below the limit of the day on which it counts", () => {
    const ledger = new Ledger(new NodeStorage());
    ledger.funds.fund({ id: "pay", amount: 10 * credit, details: {} }, now);
    ledger.spending.setLimits({ perMessage: null, perDay: credit, perMonth: null });
    const hold = (id: string, usage: number, at: number) =>
      ledger.holds.hold(
        {
          ...{ id, usage, leastUsage: usage, price: 0, cloneId: null, needsSession: false, terms, details: {} },
          expiresAt: now + 2 * day,
        },
        at,
      );
    hold("one", 600_000, now);
    hold("two", 300_000, now);
    expect(hold("one", 900_000, now + day)).toEqual({ refused: "per_day", room: 100_000 });
  });
});

describe("a payment that is lost to a bank", () => {
  it("is taken back of whoever was paid by it, also where they paid as much to this wallet", () => {
    const ledger = new Ledger(new NodeStorage());
    ledger.funds.fund({ id: "pay", amount: credit, details: {} }, now);
    const shares = [{ wallet: "expert", basisPoints: 10_000 }];
    const paid = { id: "turn", due: { usage: 0, price: credit }, details: {}, terms: { priceId: "p", shares } };
    ledger.holds.charge(paid, now);
    ledger.earnings.earn({ id: "e", amount: credit, from: "expert", matureAt: now + day, details: {} }, now);
    ledger.disputes.open({ id: "d", amount: credit, details: {} }, now);
    ledger.disputes.end("d", false, 0, now);
    expect(ledger.books.balance("debt")).toBe(0);
  });
});
