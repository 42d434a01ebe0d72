/** A pack or a plan as it was bought. Amounts are in the currency's smallest unit. */
export interface BoughtOffer {
  id: string;
  /** The catalogue that it stood in. */
  version: string;
  name: string;
  microCredits: number;
  currency: string;
  amount: number;
  /** Of a plan: for how many further periods what is left can be spent. */
  rollover?: "none" | "one_period";
}

/** What one call asks for. */
export type StoredCall =
  | { kind: "charge"; customer: string; checkout: string; amount: number; currency: string; description: string }
  | { kind: "refund"; payment: string; amount: number }
  | { kind: "transfer"; payee: string; amount: number; currency: string; microCredits: number; payout: string }
  | { kind: "reversal"; transfer: string; amount: number };

/** One thing that a wallet is told. `id` is made of the processor's own, so that it is the same however often it is worked out. */
export type StoredEffect = { id: string; account: string; details: Record<string, string | number> } & (
  | { kind: "fund"; microCredits: number }
  | { kind: "grant"; microCredits: number; expiresAt: number }
  | { kind: "refund"; microCredits: number }
  | { kind: "refund_failed"; refund: string }
  | { kind: "dispute_hold"; microCredits: number }
  | { kind: "dispute_won"; dispute: string }
  | { kind: "dispute_lost"; dispute: string }
  | { kind: "payout_paid"; payout: string; microCredits: number }
  | { kind: "payout_failed"; payout: string; microCredits: number }
  | { kind: "payout_reversed"; payout: string; microCredits: number }
);
