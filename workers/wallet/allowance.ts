import type { Config } from "../platform/config/config.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { dayOf } from "./ledger/limits.ts";
import { microCreditsPerCredit } from "./money.ts";

/** Gives a wallet what each is given for a calendar month, in UTC, once; it ends with the month. */
export function giveAllowance(ledger: Ledger, { BILLING, FREE_MONTHLY_CREDITS }: Config, now: number): void {
  if (BILLING === "off" || FREE_MONTHLY_CREDITS === 0) return;
  const month = dayOf(now).slice(0, 7);
  const [year = 0, number = 0] = month.split("-").map(Number);
  const ask = {
    ...{ id: `allowance:${month}`, amount: FREE_MONTHLY_CREDITS * microCreditsPerCredit },
    // The number of a month counts from 1 here, and from 0 there: this is the next.
    expiresAt: Date.UTC(year, number),
    ...{ isPaid: false, details: { month } },
  };
  ledger.funds.grant(ask, now);
}
