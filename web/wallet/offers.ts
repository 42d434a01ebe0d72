/** A pack or a plan, as `GET /api/v1/pricing` tells of it. */
export interface Offer {
  id: string;
  name: string;
  micro_credits: number;
  /** By currency, in its smallest unit, before tax. */
  prices: Record<string, number>;
}

export interface Pricing {
  version: string;
  packs: Offer[];
  plans: (Offer & { rollover: "none" | "one_period" })[];
}

/** The currencies that anything is sold in, US dollars first. */
export function currenciesOf({ packs, plans }: Pricing): string[] {
  const all = new Set([...packs, ...plans].flatMap(({ prices }) => Object.keys(prices)));
  return [...all].sort((one, other) => Number(other === "usd") - Number(one === "usd") || one.localeCompare(other));
}

/** An amount in a currency's smallest unit, as people of a locale write it. */
export function paidAs(amount: number, currency: string, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: "currency", currency });
  const places = format.resolvedOptions().maximumFractionDigits ?? 0;
  // By its digits, as dividing would not be exact.
  return format.format(`${BigInt(amount)}e-${places}` as `${number}`);
}

/** What happens to what is left of a plan's credits at the end of its month. */
export const rollovers: Record<Pricing["plans"][number]["rollover"], string> = {
  none: "What is left ends with its month.",
  one_period: "What is left can be spent in the month after.",
};
