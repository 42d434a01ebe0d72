/**
 * Measures the vectors of one clone's index: how long a search takes, how many of the ten nearest it finds, and what memory it takes.
 * `npm run bench:index -- 100000,1000000`. The floor is the same comparison without an index, in the same run.
 */
import { readFileSync } from "node:fs";
import { percentile } from "./bench/load.ts";
import { workerdOf } from "./bench/product.ts";
import { madeQuery, madeVector } from "./eval/made-vectors.ts";
import { startEvalWorker } from "./eval/start-worker.ts";
import type { EvalCall } from "./eval/worker.ts";

const dimensions = 384;
const perDocument = 1_000;
const queries = 100;
const sizes = (process.argv[2] ?? "100000").split(",").map(Number);

/** The ten nearest by comparing with each, for every query, and how long that took for one. */
function exactly(count: number, asked: Float32Array[]): { nearest: Set<number>[]; ms: number } {
  const best = asked.map(() => [] as { index: number; product: number }[]);
  let spent = 0;
  for (let index = 0; index < count; index++) {
    const vector = madeVector(index, dimensions);
    const started = performance.now();
    for (const [q, query] of asked.entries()) {
      let product = 0;
      for (let i = 0; i < dimensions; i++) product += (vector[i] as number) * (query[i] as number);
      const list = best[q] as { index: number; product: number }[];
      if (list.length === 10 && product <= (list[9]?.product ?? 0)) continue;
      list.push({ index, product });
      list.sort((a, b) => b.product - a.product);
      list.length = Math.min(10, list.length);
    }
    spent += performance.now() - started;
  }
  return { nearest: best.map((list) => new Set(list.map(({ index }) => index))), ms: spent / asked.length };
}

const megabytes = (pids: readonly number[]) =>
  pids.reduce((sum, pid) => {
    const [, kilobytes] = readFileSync(`/proc/${pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/) ?? [];
    return sum + Number(kilobytes) / 1_024;
  }, 0);

for (const size of sizes) {
  // First, because nothing else runs meanwhile: an open connection would be closed.
  const indices = Array.from({ length: queries }, (_, i) => (i * 7_919) % size);
  const { nearest, ms } = exactly(
    size,
    indices.map((index) => madeQuery(index, dimensions)),
  );
  const worker = await startEvalWorker();
  const ask = async <T>(call: EvalCall): Promise<T> => {
    const response = await worker.dispatchFetch("http://bench", { method: "POST", body: JSON.stringify(call) });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as T;
  };
  const started = performance.now();
  for (let from = 0; from < size; from += perDocument)
    await ask({ kind: "fill", from, count: Math.min(perDocument, size - from), dimensions });
  const filled = performance.now();
  await ask({ kind: "tidy" });
  const tidied = performance.now();
  const pids = [workerdOf(process.pid)].flat();
  const times: number[] = [];
  let found = 0;
  for (const round of [0, 1, 2]) {
    for (const [q, index] of indices.entries()) {
      const asked = performance.now();
      const hits = await ask<number[]>({ kind: "near", index, dimensions, topK: 10 });
      // The first round warms up.
      if (round > 0) times.push(performance.now() - asked);
      if (round === 1) found += hits.filter((hit) => nearest[q]?.has(hit)).length;
    }
  }
  console.log(`${size} vectors of ${dimensions}: put in ${((filled - started) / 1_000).toFixed(1)} s`);
  console.log(`  put in order in ${((tidied - filled) / 1_000).toFixed(1)} s`);
  console.log(
    `  search over HTTP p50 ${percentile(times, 0.5).toFixed(1)} ms, p99 ${percentile(times, 0.99).toFixed(1)} ms`,
  );
  console.log(`  floor: each compared in JavaScript ${ms.toFixed(1)} ms`);
  console.log(`  recall@10 ${(found / queries / 10).toFixed(3)}; workerd ${megabytes(pids).toFixed(0)} MB resident\n`);
  await worker.dispose();
}
