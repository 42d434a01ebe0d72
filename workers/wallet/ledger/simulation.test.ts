import { expect, it } from "vitest";
import { simulate } from "./testing/simulate.ts";

/** So many seeds of so many operations here; `npm run test:sim` walks many more. */
const { SIM_SEED = "1", SIM_SEEDS = "200" } = process.env;
const [from, seeds, operations] = [Number(SIM_SEED), Number(SIM_SEEDS), 60];

it("keeps its books whatever dies, is repeated, comes late or at a wrong time", () => {
  let [crashes, repeated] = [0, 0];
  for (let seed = from; seed < from + seeds; seed++) {
    const run = (() => {
      try {
        return simulate(seed, operations);
      } catch (error) {
        throw new Error(`Seed ${seed} fails. Again: SIM_SEED=${seed} SIM_SEEDS=1 npm run test:sim`, { cause: error });
      }
    })();
    crashes += run.crashes;
    repeated += run.repeated;
  }
  expect(crashes).toBeGreaterThan(seeds);
  expect(repeated).toBeGreaterThan(seeds);
}, 3_600_000);
