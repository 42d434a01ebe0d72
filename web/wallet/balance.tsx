import type { WireWallet } from "../../workers/wallet/contract.ts";
import { Notice } from "../ui/notice.tsx";
import { Figure } from "../usage/figure.tsx";
import { useLocale } from "../usage/use-locale.ts";
import { dayIn } from "../usage/words.ts";
import { useMoney } from "./use-money.ts";

/** What can be spent, what of it was given and may end, and what is set aside. */
export function Balance({ wallet }: { wallet: WireWallet }) {
  const amount = useMoney();
  const day = dayIn(useLocale(), true);
  const [available, held] = [amount(wallet.available), amount(wallet.held)];
  const granted = amount(wallet.granted);
  return (
    <>
      <dl className="flex flex-wrap gap-3">
        <Figure label="Available" value={available.credits}>
          {available.usd}
        </Figure>
        {wallet.granted > 0 && (
          <Figure label="Of it given" value={granted.credits}>
            {wallet.granted_until.length === 0 && granted.usd}
            {wallet.granted_until.map(({ micro_credits, expires_at }) => (
              <span key={expires_at} className="block">
                {amount(micro_credits).credits} until {day(expires_at)}
              </span>
            ))}
          </Figure>
        )}
        {wallet.held > 0 && (
          <Figure label="Set aside" value={held.credits}>
            for answers that are being written, and sessions
          </Figure>
        )}
      </dl>
      {wallet.debt > 0 && (
        <Notice tone="warn">
          {amount(wallet.debt).credits} were spent and then taken back by a bank. The next payment goes there first.
        </Notice>
      )}
    </>
  );
}
