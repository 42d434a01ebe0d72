import type Stripe from "stripe";
import { invalid } from "./failure.ts";
import { newPayout, newReversal, newTransfer, recipientWith } from "./shapes-connect.ts";
import type { StripeStore } from "./store.ts";

const statusOf = ({ configuration }: Stripe.V2.Core.Account) =>
  configuration?.recipient?.capabilities?.stripe_balance?.stripe_transfers?.status;

/** What is on a balance, by its currency: the platform's, or a connected account's. */
export function balanceOf(store: StripeStore, account: string | null): Map<string, number> {
  const sums = new Map<string, number>();
  for (const entry of store.all("balance_transaction"))
    if (entry.account === account) sums.set(entry.currency, (sums.get(entry.currency) ?? 0) + entry.net);
  return sums;
}

/** An account with what Stripe asked for, or without: it may be paid, or may not. */
export function setOnboarded(store: StripeStore, id: string, status: "active" | "restricted"): Stripe.V2.Core.Account {
  const { requirements: _, ...account } = store.get("account", id);
  const open = { summary: { minimum_deadline: { status: "past_due" as const } } };
  const changed = store.put("account", {
    ...account,
    configuration: { recipient: recipientWith(status) },
    ...(status === "active" ? {} : { requirements: open }),
  });
  store.emitThin("v2.core.account[requirements].updated", id);
  store.emitThin("v2.core.account[configuration.recipient].capability_status_updated", id);
  return changed;
}

export function transfer(store: StripeStore, given: Parameters<typeof newTransfer>[1]): Stripe.Transfer {
  const account = store.find("account", given.destination);
  if (!account)
    throw invalid(`No such destination: '${given.destination}'`, { code: "resource_missing", param: "destination" });
  if (statusOf(account) !== "active")
    throw invalid(
      "Your destination account needs to have at least one of the following capabilities enabled: transfers",
      {
        code: "insufficient_capabilities_for_transfer",
      },
    );
  if ((balanceOf(store, null).get(given.currency) ?? 0) < given.amount)
    throw invalid("You have insufficient available funds in your Stripe account.", { code: "balance_insufficient" });
  const made = newTransfer(store, given);
  store.emit("transfer.created", made);
  return made;
}

export function reverse(
  store: StripeStore,
  id: string,
  given: { amount: number | null; metadata: Record<string, string> },
): Stripe.TransferReversal {
  const made = store.get("transfer", id);
  const left = made.amount - made.amount_reversed;
  const amount = given.amount ?? left;
  if (amount > left || left === 0)
    throw invalid(`Reversal amount (${amount}) is greater than unreversed amount (${left}) on transfer`, {
      param: "amount",
    });
  const reversal = newReversal(store, made, { ...given, amount });
  const reversed = made.amount_reversed + amount;
  const changed = store.put("transfer", {
    ...made,
    amount_reversed: reversed,
    reversed: reversed === made.amount,
    reversals: { ...made.reversals, data: [reversal, ...made.reversals.data] },
  });
  store.emit("transfer.reversed", changed);
  return reversal;
}

/** Pays all that a connected account has in a currency to its bank. */
export function payOut(store: StripeStore, account: string, currency: string): Stripe.Payout {
  const amount = balanceOf(store, account).get(currency) ?? 0;
  if (amount <= 0) throw invalid("There is nothing to pay out.", { code: "balance_insufficient" });
  const made = newPayout(store, { account, amount, currency });
  store.emit("payout.created", made, account);
  return made;
}

export function endPayout(store: StripeStore, id: string, status: "paid" | "failed"): Stripe.Payout {
  const made = store.get("payout", id);
  const failure = { failure_code: "account_closed", failure_message: "The bank account has been closed." };
  const ended = store.put("payout", { ...made, status, ...(status === "failed" ? failure : {}) });
  store.emit(`payout.${status}`, ended, ended.account);
  return ended;
}
