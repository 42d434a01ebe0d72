import { existsSync, readFileSync } from "node:fs";

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** What Vitest's JSON reporter says, as far as it is read. */
interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  testResults: { name: string; startTime: number; endTime: number }[];
}

const readReport = (file: string) =>
  existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as VitestReport) : null;

/** The tests of a run of Vitest; null where it ended before it could say. */
export function countsOfVitest(file: string): Counts | null {
  const report = readReport(file);
  return report && { passed: report.numPassedTests, failed: report.numFailedTests, skipped: report.numPendingTests };
}

/** Seconds that each file of a run of Vitest took, by its absolute path. */
export const secondsOfVitest = (file: string): [string, number][] =>
  (readReport(file)?.testResults ?? []).map(({ name, startTime, endTime }) => [name, (endTime - startTime) / 1000]);

/** Of the last lines of Node's own test reporter: `# pass 12`. */
export function countsOfNode(file: string): Counts | null {
  if (!existsSync(file)) return null;
  const report = readFileSync(file, "utf8");
  const of = (name: string) => Number(new RegExp(`^# ${name} (\\d+)$`, "m").exec(report)?.[1] ?? 0);
  return { passed: of("pass"), failed: of("fail") + of("cancelled"), skipped: of("skipped") + of("todo") };
}

/** Of what the journeys leave behind. */
export const countsOfJourneys = (file: string): Counts | null =>
  existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Counts) : null;
