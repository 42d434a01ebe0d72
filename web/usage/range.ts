const day = 86_400_000;

/** So many days up to today can be chosen at once. */
export const presets = [7, 30, 90] as const;
const usual = 30;

const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);

/** What time a page tells of, in days of UTC: the last of them included. */
export interface Range {
  /** So many days up to today; null where days were chosen. */
  days: number | null;
  from: string;
  to: string;
}

/** The time that an address names. What it has in place of a day goes on as it is: the API says what is wrong with it. */
export function rangeIn(search: URLSearchParams, now: number): Range {
  const today = dayOf(now);
  const [from, to] = [search.get("from"), search.get("to")];
  const before = (end: string, days: number) => dayOf((Date.parse(end) || now) - (days - 1) * day);
  if (from || to) return { days: null, from: from || before(to || today, usual), to: to || today };
  const days = presets.find((each) => String(each) === search.get("days")) ?? usual;
  return { days, from: before(today, days), to: today };
}

/** Each day from one moment to before another. */
export function daysBetween(from: string, to: string): string[] {
  const count = Math.ceil((Date.parse(to) - Date.parse(from)) / day);
  return Array.from({ length: count }, (_, at) => dayOf(Date.parse(from) + at * day));
}
