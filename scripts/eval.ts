/**
 * Measures search on collections with known answers: `npm run eval -- DIR [--run FILE] [--mode hybrid|keyword|vector]`, or by words, vectors and
 * both on each below a directory: `npm run eval -- --all [DIR]`, which fails where both are worse than one.
 * A collection holds corpus.jsonl {_id, title, text}, queries.jsonl {_id, text} and qrels.tsv. The documents go through the product's own
 * chunking, embedding and index in workerd; FILE gets a line `query-id doc-id rank score` for each document found.
 */
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Miniflare } from "miniflare";
import { type Collection, readCollection } from "./eval/collection.ts";
import { type Measures, measure } from "./eval/measures.ts";
import { measureSmallClones } from "./eval/small-clones.ts";
import { startEvalWorker } from "./eval/start-worker.ts";
import type { EvalCall } from "./eval/worker.ts";

const modes = ["keyword", "vector", "hybrid"] as const;
type Mode = (typeof modes)[number];
const usage = "npm run eval -- DIR [--run FILE] [--mode hybrid|keyword|vector], or npm run eval -- --all [DIR]";
const depth = 100;
/** A call is answered when all of it is done, and one of 200 documents once broke off on a busy machine, for a reason that was not found: none takes long any more. */
const documentsPerCall = 20;
const queriesPerCall = 10;
/** So much less than the better of words and vectors alone may be lost by asking both. */
const tolerated = 0.005;

function readArguments() {
  const { values, positionals } = parseArgs({
    options: {
      run: { type: "string" },
      mode: { type: "string", default: "hybrid" },
      all: { type: "boolean", default: false },
    },
    allowPositionals: true,
  });
  const mode = modes.find((each) => each === values.mode);
  const directory = positionals[0] ?? (values.all ? "../shared/corpus/ir" : undefined);
  if (mode && directory) return { directory, mode, run: values.run, all: values.all };
  console.error(directory ? `There is no mode “${values.mode}”: ${usage}` : `Name a directory: ${usage}`);
  process.exit(1);
}

function progress(what: string, done: number, of: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${what}: ${done} of ${of}${done < of ? "" : "\n"}`);
  else if (done === of || Math.floor((done * 4) / of) > Math.floor(((done - documentsPerCall) * 4) / of))
    console.error(`${what}: ${done} of ${of}`);
}

async function ask<T>(worker: Miniflare, call: EvalCall): Promise<T> {
  const response = await worker.dispatchFetch("http://eval", { method: "POST", body: JSON.stringify(call) });
  if (!response.ok) throw new Error((await response.text()).split("\n")[0]);
  return (await response.json()) as T;
}

async function index(worker: Miniflare, name: string, { documents }: Collection): Promise<void> {
  for (let from = 0; from < documents.length; from += documentsPerCall) {
    await ask(worker, { kind: "put", name, documents: documents.slice(from, from + documentsPerCall) });
    progress(`${name}, documents`, Math.min(documents.length, from + documentsPerCall), documents.length);
  }
  await ask(worker, { kind: "learn", name });
}

/** What is found for each query, by mode. */
async function search(worker: Miniflare, name: string, { queries }: Collection, asked: readonly Mode[]) {
  const answers = asked.map(() => new Map<string, string[]>());
  for (let from = 0; from < queries.length; from += queriesPerCall) {
    const batch = queries.slice(from, from + queriesPerCall);
    const found = await ask<string[][][]>(worker, { kind: "search", name, queries: batch, modes: asked, depth });
    for (const [at, ofMode] of answers.entries())
      for (const [i, { _id }] of batch.entries()) ofMode.set(_id, found[at]?.[i] ?? []);
  }
  return answers;
}

function print({ ndcg10, recall10, recall100, mrr }: Measures): void {
  console.log("nDCG@10  recall@10  recall@100    MRR");
  const cell = (value: number, width: number) => value.toFixed(4).padStart(width);
  console.log(`${cell(ndcg10, 7)}${cell(recall10, 11)}${cell(recall100, 12)}${cell(mrr, 7)}`);
}

async function measureOne(worker: Miniflare, directory: string, mode: Mode, run?: string): Promise<void> {
  const collection = readCollection(directory);
  const { documents, queries, judgements } = collection;
  const started = performance.now();
  await index(worker, "eval", collection);
  const indexed = performance.now();
  const [answers = new Map<string, string[]>()] = await search(worker, "eval", collection, [mode]);
  const done = performance.now();
  console.log(`${documents.length} documents in ${((indexed - started) / 1_000).toFixed(1)} s, ${mode} search`);
  console.log(`${queries.length} queries, ${((done - indexed) / Math.max(1, queries.length)).toFixed(1)} ms each\n`);
  print(measure(answers, judgements));
  if (!run) return;
  // Tools that read such files sort by the score, which relevance to a person does not follow: the rank is said as one.
  const lines = [...answers].flatMap(([query, ids]) =>
    ids.map((id, i) => `${query} ${id} ${i + 1} ${(1 / (i + 1)).toFixed(6)}\n`),
  );
  writeFileSync(run, lines.join(""));
}

/** What each mode reaches on a collection, by nDCG@10. */
async function measureModes(worker: Miniflare, name: string, directory: string): Promise<number[]> {
  const collection = readCollection(directory);
  await index(worker, name, collection);
  const answers = await search(worker, name, collection, modes);
  return answers.map((each) => measure(each, collection.judgements).ndcg10);
}

async function measureAll(worker: Miniflare, directory: string): Promise<void> {
  const names = readdirSync(directory)
    .filter((name) => existsSync(join(directory, name, "qrels.tsv")))
    .sort();
  if (names.length === 0) throw new Error(`There is no collection below ${directory}.`);
  const width = Math.max(...names.map(({ length }) => length));
  console.log(`${"nDCG@10".padEnd(width)}${modes.map((mode) => mode.padStart(10)).join("")}`);
  // Each as soon as it is known: with a real model's vectors all of it takes long, and some of them do not read every language.
  for (const name of names) {
    try {
      const scores = await measureModes(worker, name, join(directory, name));
      const [keyword = 0, vector = 0, hybrid = 0] = scores;
      const isWorse = hybrid < Math.max(keyword, vector) - tolerated;
      const cells = scores.map((score) => score.toFixed(4).padStart(10)).join("");
      console.log(`${name.padEnd(width)}${cells}${isWorse ? "  worse than one alone" : ""}`);
      if (isWorse) process.exitCode = 1;
    } catch (error) {
      console.log(`${name.padEnd(width)}  not measured: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    }
  }
  console.log("\nsmall clones: right page first, among five");
  for (const { name, questions, first, amongFive } of await measureSmallClones((call) => ask(worker, call)))
    console.log(`${name.padEnd(width)}${first} and ${amongFive} of ${questions}`);
}

const { directory, mode, run, all } = readArguments();
const worker = await startEvalWorker();
try {
  if (all) await measureAll(worker, directory);
  else await measureOne(worker, directory, mode, run);
} finally {
  await worker.dispose();
}
