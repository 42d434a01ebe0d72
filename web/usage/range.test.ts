import { describe, expect, it } from "vitest";
import { daysBetween, rangeIn } from "./range.ts";

const now = Date.parse("2026-12-01T23:30:00Z");
const at = (search: string) => rangeIn(new URLSearchParams(search), now);

describe("the time that an address names", () => {
  it.each([
    ["", { days: 30, from: "2026-11-02", to: "2026-12-01" }],
    ["days=7", { days: 7, from: "2026-11-25", to: "2026-12-01" }],
    ["days=8", { days: 30, from: "2026-11-02", to: "2026-12-01" }],
    ["from=2026-01-01&to=2026-01-31", { days: null, from: "2026-01-01", to: "2026-01-31" }],
    ["from=2026-01-01&to=", { days: null, from: "2026-01-01", to: "2026-12-01" }],
    ["to=2026-01-30", { days: null, from: "2026-01-01", to: "2026-01-30" }],
    ["from=soon", { days: null, from: "soon", to: "2026-12-01" }],
  ])("of “%s” is %o", (search, range) => {
    expect(at(search)).toEqual(range);
  });
});

it("has each of its days once, over the end of a month", () => {
  expect(daysBetween("2026-11-29T00:00:00.000Z", "2026-12-02T00:00:00.000Z")).toEqual([
    "2026-11-29",
    "2026-11-30",
    "2026-12-01",
  ]);
});
