import { money } from "../usage/money.ts";
import { useLocale } from "../usage/use-locale.ts";

/** Writes amounts as the reader reads them: in credits, and in US dollars. */
export function useMoney() {
  const locale = useLocale();
  return (microCredits: number) => money(microCredits, locale);
}
