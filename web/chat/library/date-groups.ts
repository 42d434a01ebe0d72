const day = 86_400_000;

function startOfDay(time: number, offsetMinutes: number): number {
  const local = time - offsetMinutes * 60_000;
  return Math.floor(local / day);
}

/** What people call the day of `time`, seen from `now`; both in ms. `offsetMinutes` is as `Date.getTimezoneOffset` gives it. */
export function dateGroup(time: number, now: number, offsetMinutes: number): string {
  const days = startOfDay(now, offsetMinutes) - startOfDay(time, offsetMinutes);
  if (days <= 0) return "Today";
  if (days === 1) return "Yesterday";
  if (days < 7) return "Last 7 days";
  if (days < 30) return "Last 30 days";
  return "Older";
}

/** Items in runs of one group each, in the order they came. */
export function groupByDate<T extends { updated_at: string }>(items: readonly T[], now: number, offsetMinutes: number) {
  const groups: { label: string; items: T[] }[] = [];
  for (const item of items) {
    const label = dateGroup(Date.parse(item.updated_at), now, offsetMinutes);
    const last = groups.at(-1);
    if (last?.label === label) last.items.push(item);
    else groups.push({ label, items: [item] });
  }
  return groups;
}
