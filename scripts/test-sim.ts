/**
 * The long run of what `npm test` does with few seeds: turns and wallets under every fault, searches among a hundred tenants, readers with files that
 * are changed at random, `kill -9` of a real server, and half an hour of people who ask one.
 *   SIM_SEEDS=10000 SIM_SEED=1   how many seeds, from which; a failing one prints how to run it again
 *   SIM_FUZZ_SECONDS=600         how long each of the two dozen readers is given such files, two readers at a time: two hours; 25 for five minutes
 *   SIM_KILLS=20                 how often the server is killed
 *   SIM_SOAK_MINUTES=30          how long fifty people ask a real server, whose memory may not grow
 *   RETRIEVAL_QUERIES=10000      how many searches look for what other tenants have
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fuzzReaders } from "./sim/fuzz-readers.ts";
import { simulateKills } from "./sim/kills.ts";
import { soak } from "./sim/soak.ts";

const {
  SIM_SEED = "1",
  SIM_SEEDS = "10000",
  SIM_KILLS = "20",
  RETRIEVAL_QUERIES = "10000",
  SIM_FUZZ_SECONDS = "600",
  SIM_SOAK_MINUTES = "30",
} = process.env;

const started = performance.now();
const { status } = spawnSync(
  join("node_modules", ".bin", "vitest"),
  ["run", "--silent=passed-only", "workers/chat/turn/simulation.test.ts", "workers/wallet/ledger/simulation.test.ts"],
  { stdio: "inherit", env: { ...process.env, SIM_SEED, SIM_SEEDS } },
);
if (status !== 0) process.exit(1);
console.log(`${SIM_SEEDS} seeds passed in ${Math.round((performance.now() - started) / 1000)} s.`);

const searched = spawnSync(
  join("node_modules", ".bin", "vitest"),
  ["run", "--silent=passed-only", "workers/retrieval-isolation.test.ts"],
  { stdio: "inherit", env: { ...process.env, RETRIEVAL_QUERIES } },
);
if (searched.status !== 0) process.exit(1);
console.log(`${RETRIEVAL_QUERIES} searches found nothing of other tenants.`);

const files = await fuzzReaders(Number(SIM_FUZZ_SECONDS), Number(SIM_SEED));
console.log(`${files} changed files were read or refused.`);

await simulateKills(Number(SIM_KILLS), Number(SIM_SEED));
console.log(`${SIM_KILLS} kills passed.`);

if (Number(SIM_SOAK_MINUTES) > 0) console.log(await soak(Number(SIM_SOAK_MINUTES)));
