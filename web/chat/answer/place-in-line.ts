import type { Place } from "../../../client/waiting.ts";

/** So many of something, as people write it. */
export const amount = (count: number, unit: string) => `${count} ${unit}${count === 1 ? "" : "s"}`;

function about(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1_000));
  return seconds < 60 ? amount(seconds, "second") : amount(Math.round(seconds / 60), "minute");
}

/** Where a question stands in line, as people are told. */
export function placeInLine({ position, expectedWaitMs }: Place): string {
  if (position === 1) return "Yours is next.";
  return `Many questions at once: yours is number ${position}, in about ${about(expectedWaitMs)}.`;
}
