import { batch } from "../db/batch.ts";
import { iso } from "../platform/clock.ts";
import type { Runtime } from "../platform/runtime.ts";
import { operation } from "../workspaces/operation.ts";
import { clearingDrifts } from "./clearing-drifts.ts";
import { platformMoney } from "./contract.ts";
import {
  balancesOfAll,
  type Drift,
  insertDrifts,
  listDrifts,
  projectedSums,
  revenueByDay,
  walletsAfter,
} from "./queries.ts";
import { usageDrifts } from "./usage-drifts.ts";
import { askWallet } from "./wallets.ts";

type Sums = ReadonlyMap<string, number>;

const differing = (one: Sums, other: Sums): string[] =>
  [...new Set([...one.keys(), ...other.keys()])].filter(
    (account) => (one.get(account) ?? 0) !== (other.get(account) ?? 0),
  );

/** What does not agree of one wallet: its balances with its entries, and what D1 was told with either. */
async function driftsOf(ctx: Runtime, walletId: string): Promise<Drift[]> {
  const audit = await askWallet(ctx, walletId, (asked) => asked.audit(walletId));
  if (!audit) return [];
  const balances = new Map(Object.entries(audit.balances));
  const recounted = new Map(Object.entries(audit.recounted));
  const projected = await projectedSums(ctx.db, walletId);
  const foundAt = ctx.clock.now();
  const drift = (kind: Drift["kind"], accounts: string[], is: Sums, should: Sums): Drift[] =>
    accounts.map((account) => ({
      id: `${walletId}:${kind}:${account}:${audit.lastSeq}`,
      ...{ walletId, kind, foundAt },
      detail: `${account} is ${is.get(account) ?? 0} and should be ${should.get(account) ?? 0}, as of entry ${audit.lastSeq}.`,
    }));
  return [
    ...drift("books", differing(balances, recounted), balances, recounted),
    // What was booked since is told to D1 in a moment.
    ...(audit.told === audit.lastSeq ? drift("projection", differing(projected, recounted), projected, recounted) : []),
  ];
}

const atOnce = 50;
const day = 86_400_000;
/** The day of the last run, in this process: one that is repeated finds the same. */
let lastRun = "";

/** Compares all wallets with what is told of them, with each other, and with what was used, once a day. What does not agree is noted for people to look at; nothing is repaired. */
export async function reconcile(ctx: Runtime): Promise<void> {
  const today = iso(ctx.clock.now()).slice(0, 10);
  if (ctx.config.BILLING === "off" || lastRun === today) return;
  lastRun = today;
  await reconcileAll(ctx);
}

/** See `reconcile`; resolves to what was found. */
export async function reconcileAll(ctx: Runtime): Promise<Drift[]> {
  const all: Drift[] = [];
  const note = async (drifts: Drift[]) => {
    for (const { walletId, kind, detail } of drifts)
      ctx.log.error("wallet_drifts", new Error(detail), { wallet_id: walletId, kind });
    await batch(ctx.db, insertDrifts(ctx.db, drifts));
    all.push(...drifts);
  };
  for (let after = ""; ; ) {
    const wallets = await walletsAfter(ctx.db, after, atOnce);
    for (const { id } of wallets) await note(await driftsOf(ctx, id));
    after = wallets.at(-1)?.id ?? after;
    if (wallets.length < atOnce) break;
  }
  await note(await clearingDrifts(ctx));
  await note(await usageDrifts(ctx));
  return all;
}

export const readPlatformMoney = operation({
  summary: "What the installation took, and whether all wallets agree",
  description:
    "For whoever runs the installation: revenue of the last 90 days, all wallets’ balances, and what did not agree where they were compared.",
  tags: ["Money"],
  action: "platform.money",
  inPerson: true,
  output: platformMoney,
  async run(ctx) {
    const now = ctx.clock.now();
    const [revenue, balances, drifts] = await Promise.all([
      revenueByDay(ctx.db, now - 90 * day, now),
      balancesOfAll(ctx.db),
      listDrifts(ctx.db, 100),
    ]);
    return {
      revenue,
      balances: Object.fromEntries(balances.map(({ account, micro_credits }) => [account, micro_credits])),
      drifts: drifts.map(({ walletId, kind, detail, foundAt }) => ({
        ...{ wallet_id: walletId, kind, detail },
        found_at: iso(foundAt),
      })),
    };
  },
});
