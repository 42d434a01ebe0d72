import { type ReactNode, useState } from "react";
import { SelectField } from "../ui/field.tsx";
import { useLocale } from "../usage/use-locale.ts";
import { currenciesOf, type Offer, type Pricing, paidAs, rollovers } from "./offers.ts";
import { useMoney } from "./use-money.ts";

export interface Chosen {
  kind: "pack" | "plan";
  offer: Offer;
  currency: string;
}

interface OfferCardsProps {
  pricing: Pricing;
  /** What is done with one; nothing where they are only shown. */
  actionOf?: (chosen: Chosen) => ReactNode;
}

/** What is sold, in a currency that can be chosen where there are several. */
export function OfferCards({ pricing, actionOf }: OfferCardsProps) {
  const currencies = currenciesOf(pricing);
  const [currency, setCurrency] = useState(currencies[0] ?? "usd");
  const kinds = [
    { kind: "pack", title: "Packs", offers: pricing.packs },
    { kind: "plan", title: "Monthly plans", offers: pricing.plans },
  ] as const;
  return (
    <div className="flex flex-col gap-5">
      {kinds.map(
        ({ kind, title, offers }) =>
          offers.length > 0 && (
            <div key={kind}>
              <h3 className="mb-2 font-semibold text-sm">{title}</h3>
              <ul className="grid gap-3 sm:grid-cols-3">
                {offers.map((offer) => (
                  <OfferCard key={offer.id} offer={offer} currency={currency} isMonthly={kind === "plan"}>
                    {actionOf?.({ kind, offer, currency })}
                  </OfferCard>
                ))}
              </ul>
            </div>
          ),
      )}
      {currencies.length > 1 && (
        <SelectField
          label="Currency"
          className="max-w-40"
          value={currency}
          onChange={(event) => setCurrency(event.target.value)}
          options={currencies.map((each) => ({ value: each, label: each.toUpperCase() }))}
        />
      )}
    </div>
  );
}

interface OfferCardProps {
  offer: Offer & { rollover?: Pricing["plans"][number]["rollover"] };
  currency: string;
  isMonthly: boolean;
  children: ReactNode;
}

function OfferCard({ offer, currency, isMonthly, children }: OfferCardProps) {
  const locale = useLocale();
  const { credits } = useMoney()(offer.micro_credits);
  const price = offer.prices[currency];
  if (price === undefined) return null;
  return (
    <li className="flex flex-col gap-3 rounded-xl border border-line bg-surface p-4">
      <div>
        <p className="font-semibold">{offer.name}</p>
        <p className="text-ink-soft text-sm">
          {isMonthly ? `${credits} a month` : credits === offer.name ? "They do not end." : credits}
        </p>
      </div>
      <p className="mt-auto tabular-nums">
        <span className="display text-2xl">{paidAs(price, currency, locale)}</span>
        <span className="text-ink-faint text-xs">{isMonthly ? " a month, before tax" : " before tax"}</span>
      </p>
      {offer.rollover && <p className="text-ink-soft text-xs">{rollovers[offer.rollover]}</p>}
      {children}
    </li>
  );
}
