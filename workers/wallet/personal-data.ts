import { iso } from "../platform/clock.ts";
import { jsonListFile } from "../platform/rooms/archive-file.ts";
import type { PersonalData } from "../platform/rooms/personal-data.ts";
import type { Runtime } from "../platform/runtime.ts";
import { eachEntry, removeWallets } from "./queries.ts";
import { askWallet } from "./wallets.ts";

async function* entriesOf(runtime: Runtime, walletId: string) {
  await askWallet(runtime, walletId, (wallet) => wallet.caughtUp(walletId));
  for await (const row of eachEntry(runtime.db, walletId)) {
    yield {
      number: row.seq,
      operation_id: row.operationId,
      kind: row.kind,
      debit: row.debit,
      credit: row.credit,
      micro_credits: row.microCredits,
      created_at: iso(row.createdAt),
    };
  }
}

/** Workspaces' wallets: their books go with them, once those who earn by them have theirs. What was paid stands at the payment's processor, which keeps it for as long as it has to. */
export const personalData: PersonalData = {
  ofWorkspace: {
    async *files(runtime, workspaceId) {
      yield jsonListFile(runtime, "wallet.json", entriesOf(runtime, workspaceId));
    },
  },
  erasure: {
    // Rows tell nothing of a wallet that was only looked at.
    emptyWorkspace: (runtime, workspaceId) => askWallet(runtime, workspaceId, (wallet) => wallet.erase(workspaceId)),
    workspaces: { remove: (db, of, isFree) => removeWallets(db, of, isFree) },
  },
};
