/**
 * What the product adds to the model's own time, beside floors measured in the same run: the upstream called directly, a Worker
 * that only passes its bytes through, and a Durable Object that only stores each chunk before it passes it on, or stores as often as a
 * reader hardly notices.
 * `npm run bench -- --streams 1,50,200`; `--rate` and `--tokens` for other answers, `--idle 1000` for open streams, `--overload 1000`
 * for so many people where few can be served (`--streams ""` for nothing else).
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { startBareWorker } from "./bench/bare-worker.ts";
import { type Call, openSilently, overload, percentile, type StreamTimes, steadyLoad } from "./bench/load.ts";
import { cpuSecondsOf, memoryMbOf, type Product, startProduct, workerdOf } from "./bench/product.ts";
import { buildIfStale } from "./build.ts";

const { values } = parseArgs({
  options: {
    streams: { type: "string", default: "1,50,200" },
    tokens: { type: "string", default: "100" },
    rate: { type: "string", default: "20" },
    /** Opens so many streams of a model that thinks for a minute, and measures their memory. */
    idle: { type: "string", default: "0" },
    /** So many people ask for half a minute, and come back when they are told to. */
    overload: { type: "string", default: "0" },
    port: { type: "string", default: "8790" },
  },
});
const tokens = Number(values.tokens);
const rate = Number(values.rate);
const answerMs = 200 + (tokens / rate) * 1_000;
const model = `stand-in?first_ms=200&tokens_per_second=${rate}&tokens=${tokens}`;
/** So many streams go through each server before any is measured. */
const warmUp = 20;
/** With the model's own 50 ms between two tokens, this is the longest between two pieces that adds less than 100 ms. */
const seldomMs = 140;
const question = "Which rooms may import which?";

// In a process of its own: a model's time must not depend on the load generator's.
const standIn = spawn(process.execPath, ["scripts/stand-ins/openai-server.ts"], {
  stdio: ["ignore", "pipe", "inherit"],
});
process.once("exit", () => standIn.kill());
const [address] = (await once(standIn.stdout, "data")) as [Buffer];
const upstream = String(address).trim();

await buildIfStale(console.log);
const bare = await startBareWorker();
const bareWorkerd = workerdOf(process.pid);
const bareCpu = () => cpuSecondsOf(bareWorkerd);
const product = await startProduct(Number(values.port), upstream, `openai/${model}`);

const upstreamBody = JSON.stringify({ model, stream: true, messages: [{ role: "user", content: question }] });
const upstreamCall = (url: string): Call => ({
  url,
  headers: {},
  body: upstreamBody,
  textMark: '"content"',
  endMark: "[DONE]",
});
const direct = () => upstreamCall(`${upstream}/chat/completions`);
const through =
  (way: "pass" | "store", everyMs = 0) =>
  (asker: number) => ({
    ...upstreamCall(`${bare.origin}/${way}/${new URL(upstream).host}/v1/chat/completions`),
    headers: { "X-Asker": String(asker), "X-Flush-Every": String(everyMs) },
  });

async function productAskers(of: Product, streams: number, more: object = {}): Promise<(asker: number) => Call> {
  const conversations: string[] = [];
  for (let i = 0; i < streams; i++)
    conversations.push(String((await of.post("/conversations", { clone_id: of.cloneId })).id));
  return (asker) => ({
    url: `${of.origin}/api/v1/conversations/${conversations[asker]}/messages`,
    headers: { Authorization: `Bearer ${of.token}`, Accept: "text/event-stream" },
    body: JSON.stringify({ content: question, ...more }),
    textMark: "event: token",
    endMark: "event: done",
  });
}

const figures = (times: StreamTimes[]) => ({
  first: [0.5, 0.99].map((share) =>
    percentile(
      times.map(({ firstToken }) => firstToken),
      share,
    ),
  ),
  gap: [0.5, 0.99].map((share) =>
    percentile(
      times.flatMap(({ gaps }) => gaps),
      share,
    ),
  ),
  incomplete: times.filter(({ complete }) => !complete).length,
  lost: times.reduce((sum, { lost }) => sum + lost, 0),
});
const added = (values: number[], floor: number[]) =>
  values.map((value, i) => (value - (floor[i] ?? 0)).toFixed(1)).join(" / ");

// Unmeasured: what counts is a server that has been up for a while, whose code the engine has compiled.
for (const ask of [through("pass"), through("store"), await productAskers(product, warmUp)])
  await steadyLoad(warmUp, 1, answerMs, ask);
console.log(
  `Answers of ${tokens} tokens at ${rate} a second, 200 ms to the first; milliseconds added over calling the upstream directly, p50 / p99.`,
);
console.log(
  "streams  what          first token      gap             CPU ms / 1,000 tokens   incomplete / lost events / told to come back",
);
for (const streams of values.streams.split(",").filter(Boolean).map(Number)) {
  // With two, the second begins when all are open.
  const rounds = streams < 10 ? 8 : streams < 500 ? 3 : 2;
  const floor = figures((await steadyLoad(streams, rounds, answerMs, direct)).answers);
  const measure = async (what: string, cpuSeconds: () => number, ask: (asker: number) => Call) => {
    const before = cpuSeconds();
    const { answers, refusals } = await steadyLoad(streams, rounds, answerMs, ask);
    const ours = figures(answers);
    const cpu = ((cpuSeconds() - before) / (streams * rounds * tokens)) * 1_000_000;
    console.log(
      `${String(streams).padEnd(9)}${what.padEnd(14)}${added(ours.first, floor.first).padEnd(17)}${added(ours.gap, floor.gap).padEnd(16)}${cpu.toFixed(0).padEnd(24)}${ours.incomplete} / ${ours.lost} / ${refusals.length}`,
    );
  };
  await measure("pass-through", bareCpu, through("pass"));
  await measure("store each", bareCpu, through("store"));
  await measure(`store/${seldomMs} ms`, bareCpu, through("store", seldomMs));
  await measure("understudy", product.cpuSeconds, await productAskers(product, streams));
}
const idle = Number(values.idle);
if (idle > 0) {
  const silent = "stand-in?first_ms=60000";
  const measure = async (memoryMb: () => number, ask: (asker: number) => Call) => {
    const before = memoryMb();
    // All of them open while their model thinks, and nothing to send.
    const open = await Promise.all(Array.from({ length: idle }, (_, asker) => openSilently(ask(asker))));
    const each = ((memoryMb() - before) * 1_024) / idle;
    for (const close of open) close();
    return each.toFixed(0);
  };
  const floor = await measure(
    () => memoryMbOf(bareWorkerd),
    (asker) => ({
      ...through("store")(idle + asker),
      body: JSON.stringify({ ...JSON.parse(upstreamBody), model: silent }),
    }),
  );
  const ours = await measure(product.memoryMb, await productAskers(product, idle, { model: `openai/${silent}` }));
  console.log(
    `${idle} streams open with nothing to send take ${ours} KB of workerd's memory each; storing ${floor} KB.`,
  );
}
const people = Number(values.overload);
if (people > 0) {
  const ask = await productAskers(product, people);
  const { answers, refusals } = await overload(people, 30, answerMs, ask);
  const ours = figures(answers);
  const waits = refusals.map(({ afterMs }) => afterMs);
  const shown = (numbers: number[]) => numbers.map((number) => number.toFixed(0)).join(" / ");
  console.log(
    `${people} people for 30 s: ${answers.length} answers, first token after ${shown(ours.first)} ms, between pieces ${shown(ours.gap)} ms, ${ours.incomplete} incomplete, ${ours.lost} lost events; ${refusals.length} refusals after ${shown([0.5, 0.99].map((share) => percentile(waits, share)))} ms.`,
  );
}
console.log(`workerd's memory at the end: ${product.memoryMb().toFixed(0)} MB`);

await product.stop();
await bare.stop();
process.exit(0);
