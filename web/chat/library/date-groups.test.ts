import { expect, it } from "vitest";
import { dateGroup, groupByDate } from "./date-groups.ts";

const at = (iso: string) => Date.parse(iso);
const now = at("2026-11-20T00:30:00Z");

it("names days as people do", () => {
  expect(dateGroup(at("2026-11-20T00:10:00Z"), now, 0)).toBe("Today");
  expect(dateGroup(at("2026-11-19T23:50:00Z"), now, 0)).toBe("Yesterday");
  expect(dateGroup(at("2026-11-15T12:00:00Z"), now, 0)).toBe("Last 7 days");
  expect(dateGroup(at("2026-10-30T12:00:00Z"), now, 0)).toBe("Last 30 days");
  expect(dateGroup(at("2026-01-01T12:00:00Z"), now, 0)).toBe("Older");
});

it("counts days in the reader's zone", () => {
  // In New York (UTC−5) it is still the evening of the 19th.
  expect(dateGroup(at("2026-11-19T23:50:00Z"), now, 300)).toBe("Today");
});

it("keeps a clock that runs ahead under today", () => {
  expect(dateGroup(at("2026-11-21T12:00:00Z"), now, 0)).toBe("Today");
});

it("groups in the order given", () => {
  const items = ["2026-11-20T00:20:00Z", "2026-11-20T00:10:00Z", "2026-11-19T10:00:00Z"].map((updated_at) => ({
    updated_at,
  }));
  expect(groupByDate(items, now, 0).map(({ label, items }) => [label, items.length])).toEqual([
    ["Today", 2],
    ["Yesterday", 1],
  ]);
});
