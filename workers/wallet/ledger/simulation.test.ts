import { expect, it } from "vitest";
import { simulate } from "./testing/simulate.ts";

/** So many seeds of so many operations here; `npm run test:sim` walks many more. */
const [seeds, operations] = [200, 60];

it("keeps its books whatever dies, is repeated, comes late or at a wrong time", () => {
  let [crashes, repeated] = [0, 0];
  for (let seed = 1; seed <= seeds; seed++) {
    const run = (() => {
      try {
        return simulate(seed, operations);
      } catch (error) {
        throw new Error(`Seed ${seed} fails.`, { cause: error });
      }
    })();
    crashes += run.crashes;
    repeated += run.repeated;
  }
  expect(crashes).toBeGreaterThan(seeds);
  expect(repeated).toBeGreaterThan(seeds);
}, 60_000);
