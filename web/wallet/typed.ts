import { refusal } from "../../client/api-problem.ts";

/** A decimal number as it is typed, as a whole number that many places to the right; null where nothing is. By its digits, so that it is exact. Throws `ApiError` for what is no such number. */
function wholeOf(typed: string, places: number, field: string, hint: string): number | null {
  const text = typed.trim().replaceAll(/(?<=\d)[,\s](?=\d{3}(?:\D|$))/g, "");
  if (text === "") return null;
  const [, whole, fraction = ""] = /^(\d{1,9})(?:\.(\d*))?$/.exec(text) ?? [];
  if (whole === undefined || fraction.length > places) throw refusal(hint, field);
  return Number(whole + fraction.padEnd(places, "0"));
}

const typedOf = (amount: number, places: number): string => {
  const digits = String(amount).padStart(places + 1, "0");
  const fraction = digits.slice(-places).replace(/0+$/, "");
  return digits.slice(0, -places) + (fraction && `.${fraction}`);
};

/** Credits as they are typed, in micro-credits. */
export const microCreditsOf = (typed: string, field: string) =>
  wholeOf(typed, 6, field, "Use a number of credits such as 5 or 0.25, with at most 6 digits behind the point.");

/** Micro-credits as credits are typed; nothing for null. */
export const typedCredits = (microCredits: number | null) => (microCredits === null ? "" : typedOf(microCredits, 6));

/** Percents as they are typed, in ten-thousandths. */
export const basisPointsOf = (typed: string, field: string) =>
  wholeOf(typed, 2, field, "Use percents such as 10 or 2.5, with at most 2 digits behind the point.");

/** Ten-thousandths as percents are typed. */
export const typedPercents = (basisPoints: number) => typedOf(basisPoints, 2);
