import type { Runtime } from "../platform/runtime.ts";
import { reserveMs } from "../wallet/terms.ts";
import { askWallet } from "../wallet/wallets.ts";
import { deliverEffects } from "./deliver-effects.ts";
import type { WalletEffect, Wallets } from "./effects.ts";

/** The wallets of workspaces, as what processors tell is booked there. */
export const walletsOf = (runtime: Runtime): Wallets => ({
  apply: (effect) => askWallet(runtime, effect.account, async (wallet) => book(wallet, effect, runtime.clock.now())),
});

type Wallet = Parameters<Parameters<typeof askWallet<void>>[2]>[0];

async function book(wallet: Wallet, effect: WalletEffect, now: number): Promise<void> {
  const { id, account, details } = effect;
  switch (effect.kind) {
    case "fund":
      await wallet.fund(account, { id, amount: effect.microCredits, details });
      return;
    case "grant":
      await wallet.grant(account, {
        id,
        amount: effect.microCredits,
        expiresAt: effect.expiresAt,
        isPaid: true,
        details,
      });
      return;
    case "refund":
      // It has gone back already, whatever is left here.
      await wallet.refund(account, { id, amount: effect.microCredits, force: true, details });
      return;
    case "refund_failed":
      return wallet.refundFailed(account, effect.refund);
    case "dispute_hold":
      return wallet.dispute(account, { id, amount: effect.microCredits, details });
    case "dispute_won":
    case "dispute_lost":
      return wallet.endDispute(account, effect.dispute, effect.kind === "dispute_won", now - reserveMs);
    case "payout_paid":
    case "payout_failed":
      return wallet.endPayout(account, effect.payout, effect.kind === "payout_paid");
    case "payout_reversed":
      return wallet.reversePayout(account, { id, payout: effect.payout, amount: effect.microCredits, details });
  }
}

/** Tells wallets what they have not been told of what processors said. */
export const tellWallets = (runtime: Runtime): Promise<void> => deliverEffects(runtime, walletsOf(runtime));
