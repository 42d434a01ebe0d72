import { expect, it } from "vitest";
import { placeInLine } from "./place-in-line.ts";

it.each([
  [1, 100, "Yours is next."],
  [2, 200, "Many questions at once: yours is number 2, in about 1 second."],
  [3, 4_200, "Many questions at once: yours is number 3, in about 4 seconds."],
  [400, 59_400, "Many questions at once: yours is number 400, in about 59 seconds."],
  [500, 89_000, "Many questions at once: yours is number 500, in about 1 minute."],
  [500, 150_000, "Many questions at once: yours is number 500, in about 3 minutes."],
])("says of place %i, %i ms away: %s", (position, expectedWaitMs, said) => {
  expect(placeInLine({ position, expectedWaitMs, instead: null })).toBe(said);
});
