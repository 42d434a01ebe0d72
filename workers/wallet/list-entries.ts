import { iso } from "../platform/clock.ts";
import { notFound } from "../platform/errors.ts";
import { toCsv } from "../platform/http/csv.ts";
import { streamed } from "../platform/http/streamed.ts";
import type { Runtime } from "../platform/runtime.ts";
import { operation } from "../workspaces/operation.ts";
import { earnings, entryQuery, type WireEntry, type WireReceipt, walletEntry } from "./contract.ts";
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

const isoOrNull = (time: number | null) => (time === null ? null : iso(time));

const present = (operation: Operation): WireEntry => ({
  id: operation.id,
  kind: operation.kind,
  state: operation.state,
  micro_credits: operation.amount,
  delta: operation.delta,
  details: operation.details,
  receipt: presentReceipt(operation),
  created_at: iso(operation.at),
  ended_at: isoOrNull(operation.endedAt),
  expires_at: isoOrNull(operation.expiresAt),
});

/** A page of what was done with a wallet before entry `before`, and where the next begins. */
async function pageOf(ctx: Runtime, walletId: string, before: number | null, limit: number) {
  const found = await askWallet(ctx, walletId, (asked) => asked.operations(walletId, before, limit));
  const last = found.length === limit ? found.at(-1)?.seq : undefined;
  return { data: found.map(present), last: last ?? null };
}

const rowsAtOnce = 500;
const columns = [
  ...["created_at", "ended_at", "id", "kind", "state", "micro_credits", "delta"],
  ...["usage", "platform_fee", "shares", "absorbed", "clone_price_id", "details"],
];

const cells = ({ receipt, details, ...entry }: WireEntry) => [
  ...[entry.created_at, entry.ended_at, entry.id, entry.kind, entry.state, entry.micro_credits, entry.delta],
  ...[receipt?.usage, receipt?.platform_fee, receipt?.shares.reduce((sum, each) => sum + each.micro_credits, 0)],
  ...[receipt?.absorbed, receipt?.clone_price_id, JSON.stringify(details)],
];

/** All that was done with a wallet, as lines of CSV. */
async function* linesOf(ctx: Runtime, walletId: string): AsyncGenerator<string> {
  yield `${toCsv([columns])}\r\n`;
  for (let before: number | null = null; ; ) {
    const { data, last }: Awaited<ReturnType<typeof pageOf>> = await pageOf(ctx, walletId, before, rowsAtOnce);
    if (data.length > 0) yield `${toCsv(data.map(cells))}\r\n`;
    if (last === null) return;
    before = last;
  }
}

export const listEntries = operation({
  summary: "What was done with the workspace’s wallet, the newest first",
  description:
    "Every payment, answer, session, grant and payout: together their `delta` is what is available. As `format=csv` all of it is a file, in which no cell is a formula.",
  tags: ["Money"],
  action: "wallet.history",
  query: entryQuery,
  async run(ctx, { query: { cursor, limit, format } }) {
    const { workspaceId } = ctx.actor;
    if (format === "csv") return { format, file: streamed(ctx.log, linesOf(ctx, workspaceId)) };
    const { data, last } = await pageOf(ctx, workspaceId, cursor === undefined ? null : Number(cursor), limit);
    return { format, page: { data, next_cursor: last === null ? null : String(last) } };
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
    const [{ balances }, byClone] = await Promise.all([
      askWallet(ctx, workspaceId, (asked) => asked.read(workspaceId)),
      askWallet(ctx, workspaceId, (asked) => asked.earnedByClone(workspaceId)),
    ]);
    const { pending = 0, earned = 0, paying = 0, overpaid = 0 } = balances;
    return {
      ...{ pending, available: earned, paying, overpaid: -overpaid || 0 },
      by_clone: byClone.map(({ cloneId, ...sums }) => ({ clone_id: cloneId, ...sums })),
    };
  },
});
