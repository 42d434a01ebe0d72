import { paidUsage } from "../metering/queries.ts";
import type { Runtime } from "../platform/runtime.ts";
import { bookedOf, type Drift, firstEntryAt } from "./queries.ts";
import { askWallet } from "./wallets.ts";

const hour = 3_600_000;
/** What was used within the last three days is looked at, but for the last hour, whose turns may still be told. */
const [from, to] = [72 * hour, hour];
const atOnce = 500;

/** The operations that may have paid for a call: where nothing was held for it any more, it was paid late. */
const operationsOf = (id: string) => [id, `${id}/late`];

/** Whether a wallet was asked for it, and had nothing: then nobody pays. */
async function isAbsorbed(ctx: Runtime, walletId: string, usageId: string): Promise<boolean> {
  const asked = operationsOf(usageId).map((id) =>
    askWallet(ctx, walletId, async (wallet) => (await wallet.operation(walletId, id))?.charge != null),
  );
  return (await Promise.all(asked)).some(Boolean);
}

/** What was used by the installation's keys since anybody paid for anything, and no wallet was asked for. */
export async function usageDrifts(ctx: Runtime): Promise<Drift[]> {
  const [now, first] = [ctx.clock.now(), await firstEntryAt(ctx.db)];
  const found: Drift[] = [];
  if (first === null) return found;
  for (let after = ""; ; ) {
    const used = await paidUsage(ctx.db, Math.max(first, now - from), now - to, after, atOnce);
    const booked = await bookedOf(
      ctx.db,
      used.flatMap(({ id }) => operationsOf(id)),
    );
    for (const { id, workspaceId, microCredits } of used) {
      if (operationsOf(id).some((operation) => booked.has(operation)) || (await isAbsorbed(ctx, workspaceId, id)))
        continue;
      const detail = `What ${id} took, ${microCredits}, was asked of no wallet.`;
      found.push({ id: `${workspaceId}:usage:${id}`, walletId: workspaceId, kind: "usage", detail, foundAt: now });
    }
    after = used.at(-1)?.id ?? after;
    if (used.length < atOnce) return found;
  }
}
