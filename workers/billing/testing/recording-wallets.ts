import type { WalletEffect, Wallets } from "../effects.ts";

/** Wallets that add up what they are told, in micro-credits, and take each effect once. */
export class RecordingWallets implements Wallets {
  readonly effects = new Map<string, WalletEffect>();
  /** Who fails to hear. */
  deaf: string | null = null;

  async apply(effect: WalletEffect): Promise<void> {
    if (effect.account === this.deaf) throw new Error("This wallet does not answer.");
    if (!this.effects.has(effect.id)) this.effects.set(effect.id, effect);
  }

  #amountOf(id: string): number {
    const effect = this.effects.get(id);
    return effect && "microCredits" in effect ? effect.microCredits : Number.NaN;
  }

  /** By how much an effect changes what its account can spend. */
  #change(effect: WalletEffect): number {
    switch (effect.kind) {
      case "fund":
      case "grant":
        return effect.microCredits;
      case "refund":
      case "dispute_hold":
        return -effect.microCredits;
      case "refund_failed":
        return this.#amountOf(effect.refund);
      case "dispute_won":
        return this.#amountOf(effect.dispute);
      default:
        return 0;
    }
  }

  /** What an account can spend. */
  balance(account: string): number {
    return [...this.effects.values()]
      .filter((effect) => effect.account === account)
      .reduce((sum, effect) => sum + this.#change(effect), 0);
  }

  get kinds(): string[] {
    return [...this.effects.values()].map(({ kind }) => kind);
  }
}
