import { Problem } from "../../platform/errors.ts";
import { microCreditsPerCredit } from "../../wallet/money.ts";
import { askWallet } from "../../wallet/wallets.ts";
import { recordAudit } from "../../workspaces/audited.ts";
import { operation } from "../../workspaces/operation.ts";
import { payout, payoutInput, tags } from "../contract.ts";
import { payPayee, requirePayee } from "./pay-payee.ts";

/** Whole credits of an amount: a credit is a cent, and nobody pays less. */
const wholeCredits = (microCredits: number): number => Number(BigInt(microCredits) / BigInt(microCreditsPerCredit));

/** Throws `conflict` where nobody has said who is paid, or there is less than a credit to pay. */
export const payOut = operation({
  summary: "Have paid out what the workspace’s clones earned",
  description: "All of it that nobody can take back any more, in whole credits: a credit is a cent of a US dollar.",
  tags,
  action: "wallet.spend",
  inPerson: true,
  audit: "billing.paid_out",
  input: payoutInput,
  output: payout,
  async run(ctx, { body: { id } }) {
    const { workspaceId } = ctx.actor;
    await requirePayee(ctx, workspaceId);
    const microCredits = await askWallet(ctx, workspaceId, async (wallet) => {
      const known = await wallet.operation(workspaceId, id);
      if (known?.kind === "payout") return known.amount;
      const { balances } = await wallet.read(workspaceId);
      const wanted = wholeCredits(balances.earned ?? 0) * microCreditsPerCredit;
      return wallet.beginPayout(workspaceId, id, wanted, {});
    });
    if (microCredits === 0) throw new Problem("conflict", "There is nothing to pay out yet.");
    const amount = wholeCredits(microCredits);
    const call = await payPayee(ctx, { id, account: workspaceId, microCredits, amount, currency: "usd" });
    await recordAudit(ctx, { action: "billing.paid_out", details: { payout: id, micro_credits: microCredits } });
    return { id, micro_credits: microCredits, amount, currency: "usd" as const, state: call.state };
  },
});
