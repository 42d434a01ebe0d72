import type { Runtime } from "../platform/runtime.ts";
import { type Drift, unclearedPairs } from "./queries.ts";
import { askWallet } from "./wallets.ts";

/** What one wallet says to have given to another that does not say to have got it; null where one of them was erased, or has done something meanwhile. */
async function between(ctx: Runtime, walletId: string, other: string): Promise<Drift | null> {
  const audit = (id: string) => askWallet(ctx, id, (wallet) => wallet.audit(id));
  const given = await audit(walletId);
  const got = await audit(other);
  const again = await audit(walletId);
  if (!given || !got || given.lastSeq !== again?.lastSeq || given.told !== given.lastSeq) return null;
  const [gave, took] = [given.balances[`clearing:${other}`] ?? 0, got.balances[`clearing:${walletId}`] ?? 0];
  if (gave + took === 0) return null;
  return {
    ...{ id: `${walletId}:clearing:${other}:${given.lastSeq}`, walletId, kind: "clearing", foundAt: ctx.clock.now() },
    detail: `It says to have given ${gave} to ${other}, where ${-took} came in.`,
  };
}

/** Where wallets do not agree about what went from one to another. What D1 was told is where that is looked for; their own books decide. */
export async function clearingDrifts(ctx: Runtime): Promise<Drift[]> {
  const found: Drift[] = [];
  const seen = new Set<string>();
  for (const { walletId, other } of await unclearedPairs(ctx.db)) {
    const pair = [walletId, other].sort().join();
    if (seen.has(pair)) continue;
    seen.add(pair);
    const drift = await between(ctx, walletId, other);
    if (drift) found.push(drift);
  }
  return found;
}
