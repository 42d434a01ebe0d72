import { Problem } from "../platform/errors.ts";
import type { Runtime } from "../platform/runtime.ts";
import { wallsBefore } from "./ledger/limits.ts";
import { askWallet } from "./wallets.ts";

/**
 * Lets something begin whose cost is not known before it is done, such as reading a document: where a wallet has anything at all, below its limits. `what` says what takes credits, as the
 * beginning of a sentence. Throws `insufficient_credits`.
 */
export async function requireFunds(ctx: Runtime, walletId: string, what: string): Promise<void> {
  if (ctx.config.BILLING === "off") return;
  const { balances, limits, spent } = await askWallet(ctx, walletId, (wallet) => wallet.read(walletId));
  const { available = 0, granted = 0 } = balances;
  const [{ wall, room }] = wallsBefore({ ...limits, perMessage: null }, spent, available + granted);
  if (room > 0) return;
  const why: Record<string, string> = {
    per_day: "nothing more may be spent today. Raise the day’s limit in the wallet, or go on tomorrow.",
    per_month: "nothing more may be spent this month. Raise the month’s limit in the wallet.",
  };
  throw new Problem(
    "insufficient_credits",
    `${what} takes credits, and ${why[wall] ?? "the wallet has none. Top it up first."}`,
  );
}
