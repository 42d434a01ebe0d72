import type { UsageEvent } from "../metering/queries.ts";
import { inBackground } from "../platform/background.ts";
import type { Runtime } from "../platform/runtime.ts";
import { noTerms } from "./ledger/split.ts";
import { askWallet } from "./wallets.ts";

/**
 * Takes what a call cost that nothing was set aside for, such as a title's or an embedding's, from whoever pays for it: as far as there is anything, for nobody is overdrawn. Nobody waits for
 * it; what could not be taken is in the log, and found again where usage and wallets are compared.
 */
export function chargeUsage(ctx: Runtime, event: UsageEvent): void {
  const { id, workspaceId, payer, microCredits, purpose, model, cloneId, userId, keyId } = event;
  if (ctx.config.BILLING === "off" || payer !== "installation" || !microCredits) return;
  const details = { purpose, model, clone_id: cloneId, user_id: userId, key_id: keyId };
  const ask = { id, due: { usage: microCredits, price: 0 }, terms: noTerms, details };
  inBackground(
    ctx,
    askWallet(ctx, workspaceId, (wallet) => wallet.charge(workspaceId, [ask])).catch((error) =>
      ctx.log.error("usage_not_charged", error, { usage_id: id, wallet_id: workspaceId }),
    ),
  );
}
