/**
 * Everything that must hold. `--verify` is the quick part; `--record` keeps how long each file of tests took, by which they are parted
 * among processes.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { ensureChromium } from "./chromium.ts";
import { type Check, runChecks } from "./test/checks.ts";
import { type Counts, countsOfJourneys, countsOfNode, countsOfVitest, secondsOfVitest } from "./test/counts.ts";

const quick = process.argv.includes("--verify");
const bin = (name: string) => join("node_modules", ".bin", name);
const node = process.execPath;
const scratch = mkdtempSync(join(tmpdir(), "understudy-test-"));
const report = (name: string) => join(scratch, name);

/** A check that leaves behind how many tests it was. */
interface Tests extends Check {
  counts(): Counts | null;
}

function vitest(name: string, file: string, ...args: string[]): Tests {
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report(file)}`];
  return {
    name,
    command: bin("vitest"),
    args: ["run", ...reporters, ...args],
    counts: () => countsOfVitest(report(file)),
  };
}

// What others read: types that are generated.
const first: Check[] = [
  {
    name: "binding types",
    command: bin("wrangler"),
    args: ["types", "workers/platform/bindings.d.ts"],
    env: { WRANGLER_LOG: "error" },
  },
  { name: "route types", command: bin("react-router"), args: ["typegen"] },
];

const statics: Check[] = [
  { name: "types", command: bin("tsc"), args: ["--noEmit"] },
  { name: "unused code", command: bin("knip"), args: ["--no-progress"] },
  { name: "documents and migrations are true", command: node, args: ["scripts/check-docs.ts"] },
  { name: "format and lint", command: bin("biome"), args: ["ci", "--error-on-warnings", "."] },
  { name: "rooms", command: node, args: ["scripts/check-rooms.ts"] },
];

const shards = 3;
const inWorkerd = Array.from({ length: shards }, (_, at) =>
  vitest(
    `tests in workerd, ${at + 1} of ${shards}`,
    `workerd-${at}.json`,
    "--project=workerd",
    `--shard=${at + 1}/${shards}`,
  ),
);
const inNode = vitest("tests in Node", "node.json", "--project=node");

function startTests(): Tests {
  const tap = report("start.tap");
  const reporters = ["--test-reporter=spec", "--test-reporter-destination=stdout"];
  const alsoCounted = ["--test-reporter=tap", `--test-reporter-destination=${tap}`];
  return {
    name: "starting, and staying up",
    command: node,
    args: ["--test", ...reporters, ...alsoCounted, "scripts/**/*.test.ts"],
    counts: () => countsOfNode(tap),
  };
}

function journeyTests(): Tests {
  const file = report("journeys.json");
  const chromium = ensureChromium();
  return {
    name: "a fresh start, and journeys in the browser",
    command: node,
    args: ["scripts/journeys/run.ts"],
    env: { JOURNEYS_REPORT: file, ...(chromium ? { CHROMIUM: chromium } : {}) },
    counts: () => countsOfJourneys(file),
  };
}

// The longest first, and more at once than there are cores: each waits for something half of its time.
const tests: Tests[] = quick ? [] : [journeyTests(), inNode, ...inWorkerd, startTests()];
const atOnce = Math.max(3, Math.min(tests.length, availableParallelism()));
const started = performance.now();
// Builds both Workers before all else: a build that came later would take them away from under those that start from them.
const weight: Check = { name: "what a browser loads", command: node, args: ["scripts/check-weight.ts"] };
const ran = [
  ...(await runChecks(quick ? first : [weight, ...first], 2)),
  ...(await runChecks([...tests, ...statics], atOnce)),
];

const total: Counts = { passed: 0, failed: 0, skipped: 0 };
const failures = ran.filter(({ passed }) => !passed).map(({ name }) => name);
for (const { name, counts } of tests) {
  const counted = counts();
  if (counted) for (const key of Object.keys(total) as (keyof Counts)[]) total[key] += counted[key];
  else if (!failures.includes(name)) failures.push(name);
}

if (process.argv.includes("--record")) {
  const seconds = inWorkerd
    .flatMap((_, at) => secondsOfVitest(report(`workerd-${at}.json`)))
    .map(([file, took]) => [relative(process.cwd(), file), Math.round(took * 10) / 10] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync("scripts/test/seconds.json", `${JSON.stringify(Object.fromEntries(seconds), null, 2)}\n`);
}

rmSync(scratch, { recursive: true, force: true });
console.log(failures.length > 0 ? `\nFailed: ${failures.join(", ")}` : "\nEverything passed.");
console.log(`In ${Math.round((performance.now() - started) / 1000)} s.`);
if (!quick) console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(failures.length > 0 ? 1 : 0);
