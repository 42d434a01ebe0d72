import { Problem } from "../../platform/errors.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { callProcessor } from "../call-processor.ts";
import type { CallRow } from "../outbox-queries.ts";
import { processorOf } from "../processor-of.ts";
import { findPayee } from "../queries.ts";

/** What is paid out, by the id of the payout in the wallet that set it aside. */
interface Payout {
  id: string;
  account: string;
  microCredits: number;
  /** In the currency's smallest unit. */
  amount: number;
  currency: string;
}

/** Who is paid for a workspace. Throws `conflict` where nobody has said that, or they have not been looked at yet. */
export async function requirePayee(runtime: Runtime, account: string): Promise<string> {
  const payee = await findPayee(runtime.db, processorOf(runtime).name, account);
  if (!payee?.isReady) throw new Problem("conflict", "Say first who is paid, and wait until that has been looked at.");
  return payee.payee;
}

/**
 * Pays what was earned, once for each payout. What has become of it the wallet is told by effects: `payout_paid`, `payout_failed`. Throws `conflict` where nobody has said who is paid.
 */
export async function payPayee(runtime: Runtime, { id, account, ...given }: Payout): Promise<CallRow> {
  const payee = await requirePayee(runtime, account);
  const call = { kind: "transfer", payee, payout: id, ...given } as const;
  return callProcessor(runtime, { id: `transfer:${id}`, account, call });
}

/** Takes back a part of what was paid out, as after a dispute that was lost. `id`: for what, so that it is done once. */
export const reversePayout = (
  runtime: Runtime,
  { id, account, transfer, amount }: { id: string; account: string; transfer: string; amount: number },
): Promise<CallRow> =>
  callProcessor(runtime, { id: `reversal:${id}`, account, call: { kind: "reversal", transfer, amount } });
