import { describe, expect, it } from "vitest";
import { effectsOf, type Known, partOf, type WalletEffect } from "./effects.ts";
import type { PaymentState } from "./processors/processor.ts";
import { RecordingWallets } from "./testing/recording-wallets.ts";

const offer = { id: "p", version: "1", name: "A pack", microCredits: 1_000_000_007, currency: "usd", amount: 999 };
const known: Known = { purchase: { id: "buy_1", account: "ws_1", kind: "pack", offer }, payout: null };

/** Numbers from 0 to less than 1, the same for the same seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const paid: PaymentState = {
  ...{ kind: "payment", id: "pi_1", checkout: "buy_1", invoice: null, isPaid: true, currency: "usd", amount: 999 },
  ...{ receiptUrl: null, createdAt: 0, refunds: [], disputes: [] },
};

/** The life of a payment, state by state: refunds, of which some come back, and disputes with their ends. */
function lifeOf(random: () => number): PaymentState[] {
  const states = [paid];
  let left = paid.amount;
  const steps = 1 + Math.floor(random() * 8);
  for (let at = 0; at < steps; at++) {
    const last = states.at(-1) ?? paid;
    const standing = last.refunds.findIndex(({ isFailed }) => !isFailed);
    const open = last.disputes.findIndex(({ state }) => state === "open");
    if (open >= 0) {
      const state = random() < 0.5 ? ("won" as const) : ("lost" as const);
      states.push({ ...last, disputes: last.disputes.map((each, i) => (i === open ? { ...each, state } : each)) });
      if (state === "won") left += last.disputes[open]?.amount ?? 0;
    } else if (standing >= 0 && random() < 0.3) {
      left += last.refunds[standing]?.amount ?? 0;
      states.push({
        ...last,
        refunds: last.refunds.map((each, i) => (i === standing ? { ...each, isFailed: true } : each)),
      });
    } else if (left > 0) {
      const amount = random() < 0.3 ? left : 1 + Math.floor(random() * left);
      left -= amount;
      const one = { id: `x_${at}`, amount };
      states.push(
        random() < 0.7
          ? { ...last, refunds: [...last.refunds, { ...one, isFailed: false }] }
          : { ...last, disputes: [...last.disputes, { ...one, state: "open" as const }] },
      );
    }
  }
  return states;
}

async function balanceAfter(states: readonly PaymentState[]): Promise<number> {
  const wallets = new RecordingWallets();
  for (const state of states) for (const effect of effectsOf(state, known)) await wallets.apply(effect);
  return wallets.balance("ws_1");
}

describe("what follows from what is true", () => {
  it("is the same after any events in any order, once the last was seen", async () => {
    for (let seed = 1; seed <= 500; seed++) {
      const random = numbers(seed);
      const states = lifeOf(random);
      const last = states.at(-1) ?? paid;
      const wanted = await balanceAfter([last]);
      expect(wanted, `seed ${seed}`).toBeGreaterThanOrEqual(0);
      // Some are never seen, some twice; what is read late is the last, whatever it was sent for.
      const seen = states.flatMap((state) => Array.from({ length: Math.floor(random() * 3) }, () => state));
      expect(await balanceAfter([...seen, last, last]), `seed ${seed}`).toBe(wanted);
    }
  });

  it("takes all credits with all money, in however many parts", async () => {
    const refunds = [333, 333, 333].map((amount, at) => ({ id: `re_${at}`, amount, isFailed: false }));
    expect(await balanceAfter([{ ...paid, refunds }])).toBe(0);
    expect(partOf(offer.microCredits, 333, 999) * 3).toBeLessThan(offer.microCredits);
  });

  it("never comes before what it follows from", () => {
    const disputes = [{ id: "du_1", amount: 999, state: "lost" as const }];
    const kinds = effectsOf({ ...paid, disputes }, known).map(({ kind }: WalletEffect) => kind);
    expect(kinds).toEqual(["fund", "dispute_hold", "dispute_lost"]);
  });

  it("is nothing for what is not paid, not ours, or of another price", () => {
    expect(effectsOf({ ...paid, isPaid: false }, known)).toEqual([]);
    expect(effectsOf(paid, { purchase: null, payout: null })).toEqual([]);
    for (const wrong of [{ amount: 998 }, { currency: "jpy" }])
      expect(() => effectsOf({ ...paid, ...wrong }, known)).toThrow(/costs 999 usd/);
  });

  it("is exact beyond what a number holds between", () => {
    expect(partOf(999_999_999_999_999, 999_999_999, 1_000_000_000)).toBe(999_999_998_999_999);
  });
});
