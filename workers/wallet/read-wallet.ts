import { iso } from "../platform/clock.ts";
import type { Config } from "../platform/config/config.ts";
import { recordAudit } from "../workspaces/audited.ts";
import { operation } from "../workspaces/operation.ts";
import { type WireLimits, wallet, walletLimits } from "./contract.ts";
import type { Limits } from "./ledger/limits.ts";
import { creditsPerDollar, microCreditsPerCredit } from "./money.ts";
import type { WalletState } from "./wallet-object.ts";
import { askWallet } from "./wallets.ts";

const wireLimits = ({ perMessage, perDay, perMonth }: Limits): WireLimits => ({
  per_message: perMessage,
  per_day: perDay,
  per_month: perMonth,
});

const leftOf = (limit: number | null, spent: number) => (limit === null ? null : Math.max(0, limit - spent));

/** A wallet as it is shown. */
function present({ balances, limits, spent, ending }: WalletState, { BILLING }: Config) {
  const { available = 0, granted = 0, held = 0, debt = 0 } = balances;
  const sessions = Object.entries(balances).filter(([account]) => account.startsWith("session:"));
  const inSessions = sessions.reduce((sum, [, amount]) => sum + amount, 0);
  return {
    billing: BILLING,
    available: available + granted,
    held: held + inSessions,
    granted,
    granted_until: ending.map(({ amount, expiresAt }) => ({ micro_credits: amount, expires_at: iso(expiresAt) })),
    debt: -debt || 0,
    currency_rate: { micro_credits_per_credit: microCreditsPerCredit, credits_per_usd: creditsPerDollar },
    limits: wireLimits(limits),
    day: { spent: spent.day, left: leftOf(limits.perDay, spent.day) },
    month: { spent: spent.month, left: leftOf(limits.perMonth, spent.month) },
  };
}

export const readWallet = operation({
  summary: "What the workspace’s wallet holds at this moment",
  tags: ["Money"],
  action: "wallet.read",
  output: wallet,
  async run(ctx) {
    const { workspaceId } = ctx.actor;
    return present(await askWallet(ctx, workspaceId, (asked) => asked.read(workspaceId)), ctx.config);
  },
});

export const readLimits = operation({
  summary: "What the workspace may spend at most",
  tags: ["Money"],
  action: "wallet.read",
  output: walletLimits,
  async run(ctx) {
    const { workspaceId } = ctx.actor;
    return wireLimits((await askWallet(ctx, workspaceId, (asked) => asked.read(workspaceId))).limits);
  },
});

export const setLimits = operation({
  summary: "Say what the workspace may spend at most",
  tags: ["Money"],
  action: "wallet.spend",
  audit: "wallet.limits_changed",
  input: walletLimits,
  output: walletLimits,
  async run(ctx, { body }) {
    const { workspaceId } = ctx.actor;
    const limits = { perMessage: body.per_message, perDay: body.per_day, perMonth: body.per_month };
    await askWallet(ctx, workspaceId, (asked) => asked.setLimits(workspaceId, limits));
    await recordAudit(ctx, { action: "wallet.limits_changed", details: body });
    return body;
  },
});
