/**
 * The long run of what `npm test` does with few seeds: turns under every fault, searches among a hundred tenants, and
 * `kill -9` of a real server.
 *   SIM_SEEDS=10000 SIM_SEED=1   how many seeds, from which; a failing one prints how to run it again
 *   SIM_KILLS=20                 how often the server is killed
 *   RETRIEVAL_QUERIES=10000      how many searches look for what other tenants have
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { simulateKills } from "./sim/kills.ts";

const { SIM_SEED = "1", SIM_SEEDS = "10000", SIM_KILLS = "20", RETRIEVAL_QUERIES = "10000" } = process.env;

const started = performance.now();
const { status } = spawnSync(
  join("node_modules", ".bin", "vitest"),
  ["run", "--silent=passed-only", "workers/chat/simulation.test.ts"],
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

await simulateKills(Number(SIM_KILLS), Number(SIM_SEED));
console.log(`${SIM_KILLS} kills passed.`);
