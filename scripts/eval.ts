/**
 * Measures search on a collection with known answers: `npm run eval -- DIR [--run FILE] [--mode hybrid|keyword|vector]`.
 * DIR holds corpus.jsonl {_id, title, text}, queries.jsonl {_id, text} and qrels.tsv. The documents go through the product's own
 * chunking, embedding and index in workerd; FILE gets a line `query-id doc-id rank score` for each document found.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { readCollection } from "./eval/collection.ts";
import { measure } from "./eval/measures.ts";
import { startEvalWorker } from "./eval/start-worker.ts";
import type { EvalCall } from "./eval/worker.ts";

const modes = ["hybrid", "keyword", "vector"] as const;
const usage = "npm run eval -- DIR [--run FILE] [--mode hybrid|keyword|vector]";
const depth = 100;

function readArguments() {
  const { values, positionals } = parseArgs({
    options: { run: { type: "string" }, mode: { type: "string", default: "hybrid" } },
    allowPositionals: true,
  });
  const mode = modes.find((each) => each === values.mode);
  const [directory] = positionals;
  if (mode && directory) return { directory, mode, run: values.run };
  console.error(directory ? `There is no mode “${values.mode}”: ${usage}` : `Name a directory: ${usage}`);
  process.exit(1);
}

const { directory, mode, run } = readArguments();
const { documents, queries, judgements } = readCollection(directory);
const worker = await startEvalWorker();

async function ask<T>(call: EvalCall): Promise<T> {
  const response = await worker.dispatchFetch("http://eval", { method: "POST", body: JSON.stringify(call) });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as T;
}

try {
  const started = performance.now();
  for (let from = 0; from < documents.length; from += 200)
    await ask({ kind: "put", documents: documents.slice(from, from + 200) });
  await ask({ kind: "learn" });
  const indexed = performance.now();
  const answers = new Map<string, string[]>();
  for (let from = 0; from < queries.length; from += 25) {
    const batch = queries.slice(from, from + 25);
    const found = await ask<string[][]>({ kind: "search", queries: batch, mode, depth });
    for (const [i, { _id }] of batch.entries()) answers.set(_id, found[i] ?? []);
  }
  const done = performance.now();
  const { ndcg10, recall10, recall100, mrr } = measure(answers, judgements);
  console.log(`${documents.length} documents in ${((indexed - started) / 1_000).toFixed(1)} s, ${mode} search`);
  console.log(`${queries.length} queries, ${((done - indexed) / Math.max(1, queries.length)).toFixed(1)} ms each\n`);
  console.log("nDCG@10  recall@10  recall@100    MRR");
  const cell = (value: number, width: number) => value.toFixed(4).padStart(width);
  console.log(`${cell(ndcg10, 7)}${cell(recall10, 11)}${cell(recall100, 12)}${cell(mrr, 7)}`);
  if (run) {
    // Tools that read such files sort by the score, which relevance to a person does not follow: the rank is said as one.
    const lines = [...answers].flatMap(([query, ids]) =>
      ids.map((id, i) => `${query} ${id} ${i + 1} ${(1 / (i + 1)).toFixed(6)}\n`),
    );
    writeFileSync(run, lines.join(""));
  }
} finally {
  await worker.dispose();
}
