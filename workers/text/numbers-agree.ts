import { isMoney, type Unit } from "./numbers/units.ts";
import type { ReadNumber } from "./numbers.ts";

const same = (a: string, b: string): boolean =>
  a === b || Math.abs(Number(a) - Number(b)) <= Math.abs(Number(a)) * 1e-9;

/** The parts of a date that one does not say agree with any. */
const sameDate = (a: string, b: string): boolean =>
  a.split("-").every((part, i) => {
    const other = b.split("-")[i] ?? "";
    return part === other || part.startsWith("?") || other.startsWith("?");
  });

/** Whether an hour said as a number (“at 15 h”, the 9 of “9 to 5 pm”) is that of a time of day. */
const sameHour = (time: string, { values, unit }: ReadNumber): boolean =>
  time.endsWith(":00") &&
  (unit === null || (unit.name === "day" && unit.factor === 1 / 24)) &&
  values.some(
    (value) =>
      Number(value) === Number(time.slice(0, 2)) || (unit === null && Number(value) === Number(time.slice(0, 2)) - 12),
  );

/** A year, or the day behind a month's name, of a date. */
const partOfDate = (date: string, { values, unit, kind }: ReadNumber): boolean =>
  unit === null &&
  values.some(
    (value) => date.startsWith(`${value}-`) || (kind === "ordinal" && date.endsWith(`-${value.padStart(2, "0")}`)),
  );

/** “Pounds” may be of weight or of money. */
const sameUnit = ({ name: one }: Unit, { name: other }: Unit): boolean =>
  one === other || (one === "pound" && /^(?:lb|GBP)$/.test(other)) || (other === "pound" && /^(?:lb|GBP)$/.test(one));

/** Cents are those of whatever currency the other amount has. */
function inOneUnit(one: Unit, other: Unit): [number, number] | null {
  if (sameUnit(one, other)) return [one.factor, other.factor];
  if (one.name === "cent" && isMoney(other)) return [0.01, other.factor];
  return other.name === "cent" && isMoney(one) ? [one.factor, 0.01] : null;
}

function sameAmount(a: ReadNumber, b: ReadNumber): boolean {
  const [one, other] = [a.unit, b.unit];
  return a.values.some((x) =>
    b.values.some((y) => {
      if (one && other) {
        const factors = inOneUnit(one, other);
        return factors !== null && same(String(Number(x) * factors[0]), String(Number(y) * factors[1]));
      }
      // Half of all are 50 %; 50 of them are not.
      if (one?.name === "%") return same(String(Number(x) / 100), y);
      return other?.name === "%" ? same(x, String(Number(y) / 100)) : same(x, y);
    }),
  );
}

/** Whether two numbers may be one: by any of their readings, and in units that can be compared. One without a unit agrees with any. */
export function numbersAgree(a: ReadNumber, b: ReadNumber): boolean {
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    if (one.kind === "date" && other.kind !== "date") return one.values.some((date) => partOfDate(date, other));
    if (one.kind === "time" && other.kind !== "time")
      return other.kind !== "date" && one.values.some((time) => sameHour(time, other));
  }
  if (a.kind === "date") return a.values.some((x) => b.values.some((y) => sameDate(x, y)));
  if (a.kind === "time") return a.values.some((x) => b.values.includes(x));
  return sameAmount(a, b);
}

/** Whether a text that says the numbers `there` says `claimed`. What a date of it leaves open (its year, say) has to stand elsewhere in it. */
export function saysNumber(there: readonly ReadNumber[], claimed: ReadNumber): boolean {
  return there.some((each) => {
    if (!numbersAgree(claimed, each)) return false;
    if (claimed.kind !== "date" || each.kind !== "date")
      return claimed.kind !== "date" || /^\d{4}-\?\?-\?\?$/.test(claimed.values[0] ?? "");
    return claimed.values.some((date) => {
      const [year = "", , day = ""] = date.split("-");
      return each.values.some((other) => {
        if (!sameDate(date, other) || (/\d/.test(day) && other.endsWith("??"))) return false;
        return (
          !/\d/.test(year) ||
          !other.startsWith("?") ||
          there.some(({ values }) => values.some((value) => value.startsWith(year) && /^\d{4}(?:-\d|$)/.test(value)))
        );
      });
    });
  });
}
