import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DocumentKind } from "../../workers/reading/formats.ts";
import { fuzzInputs } from "./fuzz-input.ts";
import { fuzzedKinds, hasCorpus } from "./fuzz-seeds.ts";

/** A reader that says nothing for so long hangs; its budget ends it in far less. */
const silenceMs = 30_000;
/** What an isolate has, as the limit of the process's heap in MB. */
const heap = 128;
const atOnce = 2;

interface Finding {
  kind: DocumentKind;
  trial: number;
  what: string;
}

/** Runs the reader of a kind until the time is over, or something is found. */
function fuzz(kind: DocumentKind, seed: number, seconds: number): Promise<{ trials: number; finding: Finding | null }> {
  const child = spawn(
    process.execPath,
    [`--max-old-space-size=${heap}`, join(import.meta.dirname, "fuzz-reader.ts"), kind, `${seed}`, `${seconds}`],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let [trial, said, hangs] = [-1, "", false];
  const hang = () => {
    hangs = true;
    child.kill("SIGKILL");
  };
  let timer = setTimeout(hang, silenceMs);
  child.stdout.on("data", (data: Buffer) => {
    clearTimeout(timer);
    timer = setTimeout(hang, silenceMs);
    const numbers = data.toString().trim().split("\n");
    trial = Number(numbers.at(-1));
  });
  child.stderr.on("data", (data: Buffer) => {
    said = (said + data.toString()).slice(-4_000);
  });
  return new Promise((resolve) =>
    child.on("close", (status, signal) => {
      clearTimeout(timer);
      if (status === 0) return resolve({ trials: trial + 1, finding: null });
      const what = hangs ? `hangs for ${silenceMs / 1_000} s` : `ends with ${signal ?? status}: ${said.trim()}`;
      resolve({ trials: trial + 1, finding: { kind, trial, what } });
    }),
  );
}

/**
 * Every reader for so many seconds, with files that are changed at random, in a process of its own with the memory of an isolate. What
 * makes one hang, die or throw anything but a sentence is kept as a file, and fails the run.
 */
export async function fuzzReaders(seconds: number, seed: number): Promise<number> {
  if (!hasCorpus) console.warn("No ../shared/corpus: the readers are only fuzzed with small files made here.");
  const waiting = [...fuzzedKinds];
  const findings: Finding[] = [];
  let all = 0;
  const work = async () => {
    for (let kind = waiting.shift(); kind; kind = waiting.shift()) {
      const { trials, finding } = await fuzz(kind, seed, seconds);
      all += trials;
      console.log(`${kind}: ${trials} files${finding ? `, then ${finding.what}` : ""}`);
      if (finding) findings.push(finding);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  for (const { kind, trial } of findings) {
    const folder = join(import.meta.dirname, "../../test-results/fuzz");
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${kind}-${seed}-${trial}`);
    writeFileSync(file, fuzzInputs(kind, seed)(trial));
    console.error(`Kept as ${file}. Again: npm run script -- sim/fuzz-reader.ts ${kind} ${seed} - ${trial}`);
  }
  if (findings.length > 0)
    throw new Error(`Fuzzing broke the readers of ${findings.map(({ kind }) => kind).join(", ")}.`);
  return all;
}
