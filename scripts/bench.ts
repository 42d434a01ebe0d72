/**
 * What the product adds to the model's own time and what CPU it takes, beside a bare server of Hono and the AI SDK on Node and a
 * Durable Object that only stores what a reader hardly notices, all in one run before the same stand-in for a model. In at most six
 * minutes; a line comes as each cell ends.
 * `npm run bench -- --cells short --streams 1,50 --only node,new` for less; `--tokens 40,400` and `--rate` for other answers;
 * `--idle 1000` for open streams, `--overload 1000` for so many people where few can be served (`--streams ""` for nothing else);
 * `--production` for the calls that stand one behind the other before a first token (`bench/production.ts`).
 */
import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import { parseArgs } from "node:util";
import { Asking, questionOf } from "./bench/asking.ts";
import { startBareWorker } from "./bench/bare-worker.ts";
import { type Cell, costs, type Figures, figuresOf, heading, lineOf, measure, type Way } from "./bench/cells.ts";
import { type Ask, type Call, load, openSilently, percentile } from "./bench/load.ts";
import { cpuSecondsOf, memoryMbOf, startProduct, untilPrinted, workerdOf } from "./bench/product.ts";
import { countCalls } from "./bench/production.ts";
import { buildIfStale } from "./build.ts";

const { values } = parseArgs({
  options: {
    /** Short and long answers. */
    cells: { type: "string", default: "short,long" },
    /** The bare server on Node, the Durable Object that stores, the product in new conversations and in old ones. */
    only: { type: "string", default: "node,new,store,old" },
    streams: { type: "string" },
    tokens: { type: "string", default: "40,400" },
    rate: { type: "string", default: "20" },
    /** Within which all cells end; those that would not are left out. */
    minutes: { type: "string", default: "6" },
    /** Opens so many streams of a model that thinks for a minute, and measures their memory. */
    idle: { type: "string", default: "0" },
    /** So many people ask for half a minute, and come back when they are told to. */
    overload: { type: "string", default: "0" },
    port: { type: "string", default: "8790" },
    production: { type: "boolean", default: false },
  },
});
const began = performance.now();
const wayNames = ["node", "new", "store", "old"] as const;
type WayName = (typeof wayNames)[number];
const only = wayNames.filter((name) => values.only.split(",").includes(name));
const files = globSync("docs/*.md").sort().slice(0, 14);
const [shortTokens = 40, longTokens = 400] = values.tokens.split(",").map(Number);
const rate = Number(values.rate);
const modelOf = (tokens: number) => `stand-in?first_ms=200&tokens_per_second=${rate}&tokens=${tokens}`;
const quick = "stand-in?tokens=40&tokens_per_second=400";
const answerMsOf = (tokens: number) => 200 + (tokens / rate) * 1_000;
/** With the model's own 50 ms between two tokens, this is the longest between two pieces that adds less than 100 ms. */
const seldomMs = 140;

// In a process of its own: a model's time must not depend on the load generator's.
const start = async (script: string, ...args: string[]) => {
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  process.once("exit", () => child.kill());
  return { pid: child.pid ?? 0, url: (await untilPrinted(child, "\n")).trim() };
};
await buildIfStale(console.log);
const { url: upstream } = await start("scripts/stand-ins/openai-server.ts");
if (values.production) {
  await countCalls(Number(values.port), upstream, files);
  process.exit(0);
}
const node = await start("scripts/bench/bare-server.ts", upstream);
const floor = await startBareWorker();
const floorWorkerd = workerdOf(process.pid);
const product = await startProduct(Number(values.port), upstream, `openai/${modelOf(shortTokens)}`, files);
const asking = new Asking(product);

const atModel = (url: string, model: string, headers: Record<string, string>): Ask => {
  const body = (content: string) => JSON.stringify({ model, stream: true, messages: [{ role: "user", content }] });
  return (asker, round) => ({
    url,
    headers,
    body: body(questionOf(asker, round)),
    textMark: '"content"',
    endMark: "[DONE]",
  });
};
const direct = (model: string) => atModel(`${upstream}/chat/completions`, model, {});
const storing = (model: string) =>
  atModel(`${floor.origin}/${new URL(upstream).host}/v1/chat/completions`, model, { "X-Flush-Every": `${seldomMs}` });
const onNode =
  (model: string): Ask =>
  (asker, round): Call => ({
    url: `${node.url}/chat`,
    headers: {},
    body: JSON.stringify({ model, content: questionOf(asker, round) }),
    textMark: '"text-delta"',
    endMark: "[DONE]",
  });
const quickly = { model: `openai/${quick}` };
const ways: Record<WayName, (model: string, streams: number) => Way | Promise<Way>> = {
  node: (model) => ({ name: "Hono + AI SDK", cpuSeconds: () => cpuSecondsOf(node.pid), ask: onNode(model) }),
  new: (model) => ({
    name: "understudy, new",
    cpuSeconds: product.cpuSeconds,
    ask: asking.inNew({ model: `openai/${model}` }),
  }),
  store: (model) => ({
    name: `store/${seldomMs} ms`,
    cpuSeconds: () => cpuSecondsOf(floorWorkerd),
    ask: storing(model),
  }),
  old: async (model, streams) => ({
    name: "understudy, old",
    cpuSeconds: product.cpuSeconds,
    ask: await asking.inOld(streams, quickly, { model: `openai/${model}` }),
  }),
};

const seconds = (since: number) => `${((performance.now() - since) / 1_000).toFixed(0)} s`;
/** What calling the upstream directly took, by the number of streams. */
const directly = new Map<number, Figures>();
const cells: Cell[] = [];

async function measureAll(streams: number, rounds: number, tokens: number, names: readonly WayName[]): Promise<void> {
  const model = modelOf(tokens);
  const plannedMs = answerMsOf(shortTokens) + rounds * answerMsOf(tokens);
  // A server that takes much longer than its model is not waited for: the others shall have their turn.
  const shape = { streams, rounds, tokens, spreadMs: answerMsOf(shortTokens), patienceMs: 1.5 * plannedMs };
  const known = directly.get(streams);
  const at = known ?? figuresOf(await load(shape, direct(model)));
  directly.set(streams, at);
  const measureOne = async (name: WayName) => {
    if (performance.now() - began + plannedMs > Number(values.minutes) * 60_000)
      return console.log(`${streams} × ${tokens} tokens, ${name}: left out, as there is no time (see --minutes).`);
    const cell = await measure(await ways[name](model, streams), shape);
    cells.push(cell);
    console.log(lineOf(cell, at));
  };
  // One long answer takes little of the machine and much time: each server gives it beside the others.
  if (streams === 1 && tokens === longTokens) await Promise.all(names.map(measureOne));
  else for (const name of names) await measureOne(name);
}

// Unmeasured: what counts is a server that has been up for a while, whose code the engine has compiled.
for (const name of ["node", "store", "new"] as const)
  await load({ streams: 20, rounds: 3, spreadMs: 300, patienceMs: 5_000 }, (await ways[name](quick, 20)).ask);
console.log(`Ready after ${seconds(began)}.`);
console.log(
  `Answers at ${rate} tokens a second, 200 ms to the first; milliseconds added over calling the upstream directly, p50 / p99.`,
);
console.log(heading);
const lengths = values.cells.split(",");
const chosen = values.streams?.split(",").filter(Boolean).map(Number);
// A long answer right behind the short ones: what a turn costs is solved from both, on a machine that has not changed meanwhile.
for (const streams of chosen ?? [1, 20, 50, 200]) {
  if (lengths.includes("short")) await measureAll(streams, streams < 10 ? 4 : 2, shortTokens, only);
  if (lengths.includes("long") && (chosen ?? [1, 50]).includes(streams))
    await measureAll(
      streams,
      1,
      longTokens,
      only.filter((name) => name !== "old"),
    );
}
const solved = [...costs(cells)];
if (solved.length > 0) console.log("\nCPU ms\nstreams  what              a turn            1,000 tokens besides");
for (const line of solved) console.log(line);

const people = Number(values.overload);
if (people > 0) {
  const spreadMs = answerMsOf(shortTokens);
  const shape = { streams: people, rounds: Number.POSITIVE_INFINITY, spreadMs, patienceMs: 30_000 };
  const outcome = await load(shape, await asking.inOld(people, quickly));
  const { answers, refusals, resets, failures } = outcome;
  const { first, gap } = figuresOf(outcome);
  const waits = refusals.map(({ afterMs }) => afterMs);
  const shown = (numbers: number[]) => numbers.map((number) => number.toFixed(0)).join(" / ");
  console.log(
    `${people} people for 30 s: ${answers.length} answers, first token after ${shown(first)} ms, between pieces ${shown(gap)} ms, ${answers.filter(({ complete }) => !complete).length} incomplete, ${answers.reduce((sum, { lost }) => sum + lost, 0)} lost events; ${refusals.length} refusals after ${shown([0.5, 0.99].map((share) => percentile(waits, share)))} ms, ${resets} reset, ${failures.length} failed.`,
  );
}
// Last: a model that thinks for so long is waited for behind those who asked, too.
const idle = Number(values.idle);
if (idle > 0) {
  const silent = "stand-in?first_ms=60000";
  const eachKb = async (memoryMb: () => number, ask: Ask) => {
    const before = memoryMb();
    // All of them open while their model thinks, and nothing to send.
    const open = await Promise.all(Array.from({ length: idle }, async (_, asker) => openSilently(await ask(asker, 0))));
    const each = ((memoryMb() - before) * 1_024) / idle;
    for (const close of open) close();
    return each.toFixed(0);
  };
  const storingKb = await eachKb(() => memoryMbOf(floorWorkerd), storing(silent));
  const ourKb = await eachKb(product.memoryMb, asking.inNew({ model: `openai/${silent}` }));
  console.log(
    `${idle} streams open with nothing to send take ${ourKb} KB of workerd's memory each; storing ${storingKb} KB.`,
  );
}
console.log(`workerd's memory at the end: ${product.memoryMb().toFixed(0)} MB. All of it took ${seconds(began)}.`);

await product.stop();
await floor.stop();
process.exit(0);
