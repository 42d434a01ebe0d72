import { Notice } from "../ui/notice.tsx";
import { Figure } from "./figure.tsx";
import { money } from "./money.ts";
import { useLocale } from "./use-locale.ts";
import type { Sums } from "./words.ts";

/** What was used in all, and what of it is not known for certain. */
export function Totals({ total }: { total: Sums }) {
  const locale = useLocale();
  const count = (number: number) => number.toLocaleString(locale);
  const cost = money(total.micro_credits, locale);
  const own = money(total.own_keys_micro_credits, locale);
  const are = (number: number) => `${count(number)} ${number === 1 ? "call" : "calls"}`;
  return (
    <>
      <dl className="flex flex-wrap gap-3">
        <Figure label="Cost" value={cost.usd}>
          {cost.credits}
        </Figure>
        {total.own_keys_micro_credits > 0 && (
          <Figure label="By own keys" value={own.usd}>
            paid to the provider itself
          </Figure>
        )}
        <Figure label="Calls" value={count(total.calls)}>
          of models
        </Figure>
        <Figure label="Tokens" value={count(total.prompt_tokens + total.completion_tokens)}>
          {count(total.prompt_tokens)} read, {count(total.completion_tokens)} written
        </Figure>
      </dl>
      {total.unpriced_calls > 0 && (
        <Notice tone="warn">
          Nobody knows the price of {are(total.unpriced_calls)}, which {total.unpriced_calls === 1 ? "is" : "are"} in no
          cost here.
        </Notice>
      )}
      {total.estimated_calls > 0 && (
        <Notice tone="info">
          The tokens of {are(total.estimated_calls)} are an estimate, as the provider did not count them.
        </Notice>
      )}
    </>
  );
}
