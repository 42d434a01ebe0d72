import type { Model } from "../../../workers/models/contract.ts";

const dollars = new Intl.NumberFormat("en", { style: "currency", currency: "USD", maximumFractionDigits: 3 });

/** Micro-credits as dollars: a credit is a cent. */
const perMillion = (microCredits: number) => dollars.format(microCredits / 100_000_000);

/** What a model costs, as people are told; null is a price that nobody knows. */
export function priceWords(price: Model["price"]): string {
  if (!price) return "price unknown";
  const { input, output } = price;
  if (input === 0 && output === 0) return "no charge";
  return `${perMillion(input)} in, ${perMillion(output)} out per million tokens`;
}
