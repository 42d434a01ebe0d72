import { iso } from "../platform/clock.ts";
import { notFound } from "../platform/errors.ts";
import { operation } from "../workspaces/operation.ts";
import { earnings, entryPage, entryQuery, type WireEntry, type WireReceipt, walletEntry } from "./contract.ts";
import type { Operation } from "./ledger/operations.ts";
import { askWallet } from "./wallets.ts";

/** What was paid, as it is shown: its parts are its total. */
export const presentReceipt = ({ id, charge, terms }: Operation): WireReceipt | null =>
  charge && {
    id,
    total: charge.total,
    usage: charge.usage,
    platform_fee: charge.fee,
    shares: charge.shares.map(({ wallet, amount }) => ({ wallet_id: wallet, micro_credits: amount })),
    absorbed: charge.absorbed,
    clone_price_id: terms?.priceId ?? null,
  };

const present = (operation: Operation): WireEntry => ({
  id: operation.id,
  kind: operation.kind,
  state: operation.state,
  micro_credits: operation.amount,
  delta: operation.delta,
  details: operation.details,
  receipt: presentReceipt(operation),
  created_at: iso(operation.at),
  ended_at: operation.endedAt === null ? null : iso(operation.endedAt),
});

export const listEntries = operation({
  summary: "What was done with the workspace’s wallet, the newest first",
  description: "Every payment, answer, session, grant and payout: together their `delta` is what is available.",
  tags: ["Money"],
  action: "wallet.history",
  query: entryQuery,
  output: entryPage,
  async run(ctx, { query: { cursor, limit } }) {
    const { workspaceId } = ctx.actor;
    const before = cursor === undefined ? null : Number(cursor);
    const found = await askWallet(ctx, workspaceId, (asked) => asked.operations(workspaceId, before, limit));
    const next = found.length === limit ? String(found.at(-1)?.seq) : null;
    return { data: found.map(present), next_cursor: next };
  },
});

export const readEntry = operation({
  summary: "One entry of the wallet, with its receipt",
  tags: ["Money"],
  action: "wallet.history",
  params: ["id"],
  output: walletEntry,
  async run(ctx, { params: { id } }) {
    const { workspaceId } = ctx.actor;
    const found = await askWallet(ctx, workspaceId, (asked) => asked.operation(workspaceId, id));
    if (!found) throw notFound("entry");
    return present(found);
  },
});

export const readEarnings = operation({
  summary: "What the workspace’s clones have earned",
  tags: ["Money"],
  action: "wallet.history",
  output: earnings,
  async run(ctx) {
    const { workspaceId } = ctx.actor;
    const { balances } = await askWallet(ctx, workspaceId, (asked) => asked.read(workspaceId));
    const { pending = 0, earned = 0, paying = 0, overpaid = 0 } = balances;
    return { pending, available: earned, paying, overpaid: -overpaid || 0 };
  },
});
