import type { UsageSums } from "../../workers/metering/contract.ts";
import { modelName } from "../chat/settings/model-name.ts";

export type Sums = UsageSums["total"];
export type Row = UsageSums["data"][number];
export type Group = UsageSums["group_by"];

/** By what the page tells usage apart, in the order of its tabs. */
export const groups = [
  { by: "model", label: "Models", one: "Model" },
  { by: "clone", label: "Clones", one: "Clone" },
  { by: "user", label: "People", one: "Person" },
  { by: "key", label: "API keys", one: "API key" },
  { by: "purpose", label: "Purposes", one: "Purpose" },
] as const satisfies { by: Group; label: string; one: string }[];

const purposes: Record<string, string> = {
  answer: "Answers",
  title: "Titles of conversations",
  summary: "Summaries of conversations",
  rewriting: "Follow-ups, made searchable",
  embedding: "Embedding",
  rerank: "Ranking of passages",
  vision: "Pictures in documents",
};

/** What calls of a purpose are called. */
export const purposeName = (purpose: string) => purposes[purpose] ?? purpose;

/** What those are called that have no id, and those whose name is gone. */
const nobody: Partial<Record<Group, { none: string; gone: string }>> = {
  user: { none: "Visitors and background work", gone: "Somebody who has left" },
  clone: { none: "Without a clone", gone: "A deleted clone" },
  key: { none: "Without an API key", gone: "A deleted key" },
};

/** A day of UTC as people of a locale write it. */
export const dayIn = (locale: string, isWithYear = false) => {
  const format = new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "short",
    ...(isWithYear ? { year: "numeric" } : {}),
    timeZone: "UTC",
  });
  return (key: string) => format.format(new Date(key));
};

/** What a group is called, and its id where that does not tell it from others. */
export function nameOf(by: Group, { key, name }: Row, all: readonly Row[]): { name: string; id: string | null } {
  const { none, gone } = nobody[by] ?? { none: "Other", gone: null };
  if (key === null) return { name: none, id: null };
  if (by === "model") return { name: modelName(key), id: null };
  if (by === "purpose") return { name: purposeName(key), id: null };
  const isOnly = all.filter((other) => other.name === name).length === 1;
  return { name: name ?? gone ?? key, id: name !== null && isOnly ? null : key };
}
