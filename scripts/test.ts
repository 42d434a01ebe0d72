import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureChromium } from "./chromium.ts";

const quick = process.argv.includes("--verify");
const bin = (name: string) => join("node_modules", ".bin", name);
const scratch = mkdtempSync(join(tmpdir(), "understudy-test-"));
const failures: string[] = [];
const counts = { passed: 0, failed: 0, skipped: 0 };

/** Runs one check to its end; a failing one is remembered, so that one run shows all that is wrong. */
function check(name: string, command: string, args: string[], env: Record<string, string> = {}): boolean {
  const started = performance.now();
  console.log(`\n── ${name}`);
  const { status } = spawnSync(command, args, { stdio: "inherit", env: { ...process.env, ...env } });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`── ${name}: ${status === 0 ? "passed" : "FAILED"} in ${seconds} s`);
  if (status !== 0) failures.push(name);
  return status === 0;
}

function countVitest(file: string): void {
  if (!existsSync(file)) return;
  const report = JSON.parse(readFileSync(file, "utf8")) as Record<
    "numPassedTests" | "numFailedTests" | "numPendingTests",
    number
  >;
  counts.passed += report.numPassedTests;
  counts.failed += report.numFailedTests;
  counts.skipped += report.numPendingTests;
}

/** The last lines of Node's own test reporter: `# pass 12`. */
function countNodeTests(file: string): void {
  if (!existsSync(file)) return;
  const report = readFileSync(file, "utf8");
  const of = (name: string) => Number(new RegExp(`^# ${name} (\\d+)$`, "m").exec(report)?.[1] ?? 0);
  counts.passed += of("pass");
  counts.failed += of("fail") + of("cancelled");
  counts.skipped += of("skipped") + of("todo");
}

check("binding types", bin("wrangler"), ["types", "workers/platform/bindings.d.ts"], { WRANGLER_LOG: "error" });
check("route types", bin("react-router"), ["typegen"]);
check("types", bin("tsc"), ["--noEmit"]);
check("rooms", process.execPath, ["scripts/check-rooms.ts"]);
check("format and lint", bin("biome"), ["ci", "--error-on-warnings", "."]);
check("unused code", bin("knip"), ["--no-progress"]);
check("documents and migrations are true", process.execPath, ["scripts/check-docs.ts"]);

if (!quick) {
  const report = join(scratch, "vitest.json");
  check("tests in workerd", bin("vitest"), [
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ]);
  countVitest(report);

  const tap = join(scratch, "start.tap");
  const reporters = ["--test-reporter=spec", "--test-reporter-destination=stdout"];
  const alsoCounted = ["--test-reporter=tap", `--test-reporter-destination=${tap}`];
  check("starting, and staying up", process.execPath, ["--test", ...reporters, ...alsoCounted, "scripts/**/*.test.ts"]);
  countNodeTests(tap);

  check("what a browser loads", process.execPath, ["scripts/check-weight.ts"]);

  const journeys = join(scratch, "journeys.json");
  const chromium = ensureChromium();
  const env = { JOURNEYS_REPORT: journeys, ...(chromium ? { CHROMIUM: chromium } : {}) };
  check("a fresh start, and journeys in the browser", process.execPath, ["scripts/journeys/run.ts"], env);
  if (existsSync(journeys)) {
    const ran = JSON.parse(readFileSync(journeys, "utf8")) as typeof counts;
    for (const key of Object.keys(counts) as (keyof typeof counts)[]) counts[key] += ran[key];
  }
}

rmSync(scratch, { recursive: true, force: true });
console.log(failures.length > 0 ? `\nFailed: ${failures.join(", ")}` : "\nEverything passed.");
if (!quick) console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(failures.length > 0 ? 1 : 0);
