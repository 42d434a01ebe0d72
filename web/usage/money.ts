/** How many decimal places micro-credits are of each: a credit is 1,000,000 of them, and a cent. */
const places = { credits: 6, usd: 8 };

/** What is below a tenth would be rounded to little or nothing, and is given by its first digits instead. */
const formatsOf = (locale: string, style: Intl.NumberFormatOptions) => ({
  usual: new Intl.NumberFormat(locale, { ...style, maximumFractionDigits: 2 }),
  small: new Intl.NumberFormat(locale, { ...style, maximumSignificantDigits: 3 }),
});

const made = new Map<string, Record<keyof typeof places, ReturnType<typeof formatsOf>>>();

function formatsIn(locale: string) {
  const known = made.get(locale);
  if (known) return known;
  const formats = {
    credits: formatsOf(locale, {}),
    usd: formatsOf(locale, { style: "currency", currency: "USD" }),
  };
  made.set(locale, formats);
  return formats;
}

/** A whole number that many places to the left of its point. By its digits, as dividing would not be exact. */
function decimalOf(whole: bigint, shift: number): string {
  const digits = String(whole < 0n ? -whole : whole).padStart(shift + 1, "0");
  return `${whole < 0n ? "-" : ""}${digits.slice(0, -shift)}.${digits.slice(-shift)}`;
}

function written(microCredits: bigint, unit: keyof typeof places, locale: string): string {
  const size = microCredits < 0n ? -microCredits : microCredits;
  const decimal = decimalOf(microCredits, places[unit]);
  const isSmall = size > 0n && size < 10n ** BigInt(places[unit] - 1);
  return formatsIn(locale)[unit][isSmall ? "small" : "usual"].format(decimal as `${number}`);
}

export interface Money {
  /** Such as “0.54 credits”. */
  credits: string;
  /** Such as “$0.0054”. */
  usd: string;
}

/** Amounts in credits to the last digit that any of them has, so that whoever adds them up finds their sum. */
export function exactCredits(microCredits: readonly number[], locale: string): string[] {
  const decimals = microCredits.map((amount) => decimalOf(BigInt(amount), places.credits));
  const digits = decimals.map((decimal) => /\.(\d*?)0*$/.exec(decimal)?.[1]?.length ?? 0);
  const shown = Math.max(2, ...digits);
  const format = new Intl.NumberFormat(locale, { minimumFractionDigits: shown, maximumFractionDigits: shown });
  return decimals.map((decimal) => format.format(decimal as `${number}`));
}

/** A whole number of micro-credits as people of a locale read money: in credits, and in US dollars. */
export function money(microCredits: number | bigint, locale: string): Money {
  const whole = BigInt(microCredits);
  const credits = `${written(whole, "credits", locale)} ${whole === 1_000_000n ? "credit" : "credits"}`;
  return { credits, usd: written(whole, "usd", locale) };
}
