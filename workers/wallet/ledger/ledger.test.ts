import { describe, expect, it } from "vitest";
import { Ledger } from "./ledger.ts";
import { NodeStorage } from "./testing/node-storage.ts";

const now = Date.UTC(2026, 11, 1, 12);
const hour = 3_600_000;
const credit = 1_000_000;
const terms = { priceId: null, shares: [] };
const due = (usage: number, price = 0) => ({ usage, price });

const walletOf = (funds: number) => {
  const ledger = new Ledger(new NodeStorage());
  if (funds > 0) ledger.funds.fund({ id: "pay", amount: funds, details: {} }, now);
  return ledger;
};
const hold = (ledger: Ledger, id: string, usage: number, more: { leastUsage?: number; cloneId?: string } = {}) => {
  const { leastUsage = usage, cloneId = null } = more;
  const ask = { id, usage, leastUsage, price: 0, cloneId, needsSession: false, terms, details: {} };
  return ledger.holds.hold({ ...ask, expiresAt: now + hour }, now);
};
const balances = (ledger: Ledger) => Object.fromEntries(ledger.books.balances());

describe("a hold", () => {
  it("is accepted ten times of a hundred where there is enough for ten", () => {
    const ledger = walletOf(10 * credit);
    const results = Array.from({ length: 100 }, (_, i) => hold(ledger, `turn_${i}`, credit));
    expect(results.filter((result) => "held" in result)).toHaveLength(10);
    expect(balances(ledger)).toEqual({ cash: -10 * credit, held: 10 * credit });
  });

  it("pays what was used, and the rest returns", () => {
    const ledger = walletOf(credit);
    hold(ledger, "turn", 500_000);
    const charge = ledger.holds.settle({ id: "turn", due: due(120_000), details: {}, terms }, now);
    expect(charge).toMatchObject({ total: 120_000, absorbed: 0 });
    expect(balances(ledger)).toEqual({ cash: -credit, available: 880_000, revenue: 120_000 });
    expect(ledger.spending.spent(now)).toEqual({ day: 120_000, month: 120_000 });
  });

  it("is resolved once, whoever comes again", () => {
    const ledger = walletOf(credit);
    hold(ledger, "turn", 500_000);
    const first = ledger.holds.settle({ id: "turn", due: due(120_000), details: {}, terms }, now);
    const again = ledger.holds.settle({ id: "turn", due: due(999_999), details: {}, terms }, now);
    ledger.holds.release("turn", now);
    expect(again).toEqual(first);
    expect(hold(ledger, "turn", 900_000)).toEqual({ refused: "over", room: 0 });
    expect(balances(ledger)).toEqual({ cash: -credit, available: 880_000, revenue: 120_000 });
  });

  it("keeps what is told of it when it is settled", () => {
    const ledger = walletOf(credit);
    hold(ledger, "turn", 100_000);
    ledger.holds.settle({ id: "turn", due: due(1), details: { outcome: "done", prompt_tokens: 5 }, terms }, now);
    expect(ledger.operations.find("turn")?.details).toEqual({ outcome: "done", prompt_tokens: 5 });
  });

  it("never pays more than what was set aside", () => {
    const ledger = walletOf(credit);
    hold(ledger, "turn", 100_000);
    const charge = ledger.holds.settle({ id: "turn", due: due(130_000), details: {}, terms }, now);
    expect(charge).toMatchObject({ total: 100_000, absorbed: 30_000 });
  });

  it("holds less where less is there and still of use, and says before which wall it stands", () => {
    const ledger = walletOf(credit);
    ledger.spending.setLimits({ perMessage: 300_000, perDay: 400_000, perMonth: null });
    expect(hold(ledger, "a", 500_000, { leastUsage: 10 })).toEqual({ held: 300_000, usage: 300_000, price: 0 });
    expect(hold(ledger, "b", 200_000)).toEqual({ refused: "per_day", room: 100_000 });
    ledger.spending.setLimits({ perMessage: 50_000, perDay: null, perMonth: null });
    expect(hold(ledger, "b", 200_000)).toEqual({ refused: "per_message", room: 50_000 });
  });

  it("grows for a dearer model that is asked in the place of the first", () => {
    const ledger = walletOf(credit);
    hold(ledger, "turn", 100_000);
    expect(hold(ledger, "turn", 400_000)).toEqual({ held: 400_000, usage: 400_000, price: 0 });
    expect(hold(ledger, "turn", 2_000_000)).toEqual({ refused: "funds", room: 600_000 });
    expect(balances(ledger)).toEqual({ cash: -credit, available: 600_000, held: 400_000 });
  });

  it("returns by itself in the end, and what is settled later is taken of what is there", () => {
    const ledger = walletOf(credit);
    hold(ledger, "turn", 900_000);
    ledger.tick(now + 2 * hour);
    expect(balances(ledger)).toEqual({ cash: -credit, available: credit });
    const charge = ledger.holds.settle({ id: "turn", due: due(300_000), details: {}, terms }, now + 3 * hour);
    ledger.holds.settle({ id: "turn", due: due(300_000), details: {}, terms }, now + 3 * hour);
    expect(charge.total).toBe(300_000);
    expect(balances(ledger)).toEqual({ cash: -credit, available: 700_000, revenue: 300_000 });
  });
});

describe("what was given", () => {
  it("is spent before what was paid, what ends first before all others, and ends", () => {
    const ledger = walletOf(credit);
    ledger.funds.grant({ id: "late", amount: 100_000, expiresAt: null, isPaid: false, details: {} }, now);
    ledger.funds.grant({ id: "soon", amount: 100_000, expiresAt: now + hour, isPaid: false, details: {} }, now);
    hold(ledger, "turn", 250_000);
    ledger.holds.settle({ id: "turn", due: due(30_000), details: {}, terms }, now);
    expect(ledger.purse.lots()).toEqual([
      { id: "soon", left: 70_000, expiresAt: now + hour },
      { id: "late", left: 100_000, expiresAt: null },
    ]);
    ledger.tick(now + hour);
    expect(balances(ledger)).toMatchObject({ available: credit, granted: 100_000, expired: 70_000 });
  });

  it("ends also where it returns after its end", () => {
    const ledger = walletOf(0);
    ledger.funds.grant({ id: "soon", amount: 100_000, expiresAt: now + 1_000, isPaid: false, details: {} }, now);
    hold(ledger, "turn", 100_000);
    ledger.tick(now + 2_000);
    ledger.holds.settle({ id: "turn", due: due(40_000), details: {}, terms }, now + 3_000);
    ledger.tick(ledger.nextDue() ?? 0);
    expect(balances(ledger)).toEqual({ gifts: -100_000, revenue: 40_000, expired: 60_000 });
  });
});

describe("money that goes back", () => {
  it("is refunded as far as it is there, and owed where it went back all the same", () => {
    const ledger = walletOf(credit);
    ledger.holds.charge({ id: "used", due: due(700_000), details: {}, terms }, now);
    expect(ledger.funds.refund({ id: "r1", amount: credit, force: false, details: {} }, now)).toBe(300_000);
    ledger.funds.fund({ id: "pay2", amount: credit, details: {} }, now);
    ledger.holds.charge({ id: "used2", due: due(credit), details: {}, terms }, now);
    expect(ledger.funds.refund({ id: "r2", amount: credit, force: true, details: {} }, now)).toBe(credit);
    expect(ledger.books.balance("debt")).toBe(-credit);
    ledger.funds.fund({ id: "pay3", amount: 1_500_000, details: {} }, now);
    expect(balances(ledger)).toMatchObject({ available: 500_000 });
    expect(ledger.books.balance("debt")).toBe(0);
  });

  it("is taken back from those who earned by it where a dispute is lost", () => {
    const visitor = walletOf(credit);
    const priced = { priceId: "price_1", shares: [{ wallet: "ws_expert", basisPoints: 8_000 }] };
    visitor.holds.charge({ id: "m1", due: due(100_000, 500_000), details: {}, terms: priced }, now);
    visitor.disputes.open({ id: "dp", amount: credit, details: {} }, now);
    expect(balances(visitor)).toMatchObject({ disputed: credit, debt: -600_000 });
    visitor.disputes.end("dp", false, now - hour, now);
    expect(balances(visitor)).toEqual({ revenue: 200_000, debt: -200_000 });
    const expert = walletOf(0);
    const earning = { id: "e1", amount: 400_000, from: "ws_visitor", matureAt: now + hour, details: {} };
    expert.earnings.earn(earning, now);
    expert.earnings.reverse({ ...earning, id: "e2" }, now);
    expect(balances(expert)).toEqual({});
  });

  it("is won back", () => {
    const ledger = walletOf(credit);
    ledger.holds.charge({ id: "used", due: due(600_000), details: {}, terms }, now);
    ledger.disputes.open({ id: "dp", amount: credit, details: {} }, now);
    ledger.disputes.end("dp", true, 0, now);
    expect(balances(ledger)).toEqual({ cash: -credit, available: 400_000, revenue: 600_000 });
  });
});

describe("an earning", () => {
  it("is pending, then earned, then paid out; what came back is earned again", () => {
    const ledger = walletOf(0);
    ledger.earnings.earn({ id: "e", amount: credit, from: "ws_v", matureAt: now + hour, details: {} }, now);
    expect(ledger.earnings.beginPayout("p0", credit, {}, now)).toBe(0);
    ledger.tick(now + hour);
    expect(ledger.earnings.beginPayout("p", credit, {}, now)).toBe(credit);
    ledger.earnings.endPayout("p", true, now);
    expect(balances(ledger)).toEqual({ "clearing:ws_v": -credit, cash: credit });
    ledger.earnings.endPayout("p", false, now);
    expect(balances(ledger)).toEqual({ "clearing:ws_v": -credit, earned: credit });
  });

  it("that is taken back after its payout is made good by the next", () => {
    const ledger = walletOf(0);
    const of = { from: "ws_v", matureAt: now + hour, details: {} };
    ledger.earnings.earn({ id: "e", amount: credit, ...of }, now);
    ledger.tick(now + hour);
    ledger.earnings.beginPayout("p", credit, {}, now);
    ledger.earnings.endPayout("p", true, now);
    ledger.earnings.reverse({ id: "r", amount: 600_000, ...of }, now);
    ledger.earnings.earn({ id: "e2", amount: credit, ...of }, now + hour);
    expect(balances(ledger)).toMatchObject({ pending: 400_000 });
    ledger.tick(now + 2 * hour);
    expect(balances(ledger)).toMatchObject({ earned: 400_000 });
  });
});

describe("a session", () => {
  const priced = { priceId: "price_1", shares: [{ wallet: "ws_expert", basisPoints: 5_000 }] };
  const open = (ledger: Ledger, price: number) =>
    ledger.sessions.open(
      { id: "s", price, terms: priced, details: { clone_id: "clone_1" }, until: now + hour / 2 },
      now,
    );

  it("pays for its answers, and parts what is left when it is over, also what comes back later", () => {
    const ledger = walletOf(credit);
    expect(open(ledger, 800_000)).toBeNull();
    hold(ledger, "a", 300_000, { cloneId: "clone_1" });
    ledger.tick(now + hour / 2);
    expect(balances(ledger)).toMatchObject({ held: 300_000, "clearing:ws_expert": 250_000, revenue: 250_000 });
    ledger.holds.settle({ id: "a", due: due(100_000), details: {}, terms }, now + hour);
    expect(balances(ledger)).toEqual({
      cash: -credit,
      available: 200_000,
      "clearing:ws_expert": 350_000,
      revenue: 450_000,
    });
    expect(ledger.spending.spent(now).month).toBe(800_000);
  });

  it("takes no price of an answer, which others pay, and is asked for where nothing is answered without", () => {
    const ledger = walletOf(credit);
    const ask = { id: "a", usage: 1_000, leastUsage: 1_000, price: 50_000, cloneId: "clone_1", needsSession: true };
    const whole = { ...ask, terms: priced, details: {}, expiresAt: now + hour };
    expect(ledger.holds.hold(whole, now)).toEqual({ refused: "session", room: 0 });
    open(ledger, 100_000);
    expect(ledger.holds.hold(whole, now)).toEqual({ held: 1_000, usage: 1_000, price: 0 });
    expect(ledger.holds.settle({ id: "a", due: due(400, 50_000), details: {}, terms: priced }, now).total).toBe(400);
    ledger.sessions.close("s", now);
    const alone = { ...whole, id: "b", needsSession: false };
    expect(ledger.holds.hold(alone, now)).toEqual({ held: 51_000, usage: 1_000, price: 50_000 });
  });

  it("is given back, extended, and opened only by who can pay", () => {
    const ledger = walletOf(credit);
    expect(open(ledger, 2 * credit)).toBe("funds");
    open(ledger, 400_000);
    expect(ledger.sessions.extend("x", "s", { price: 100_000, until: now + 2 * hour }, now)).toBeNull();
    expect(ledger.nextDue()).toBe(now + 2 * hour);
    ledger.sessions.close("s", now);
    expect(balances(ledger)).toEqual({ cash: -credit, available: credit });
    expect(ledger.sessions.extend("y", "s", { price: 100_000, until: now + 3 * hour }, now)).toBe("closed");
  });
});
