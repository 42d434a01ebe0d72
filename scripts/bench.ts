/**
 * What the product adds to the model's own time, beside two floors measured in the same run: the upstream called directly, and a
 * Worker that only passes its bytes through. `npm run bench -- --streams 1,50,200`, `--idle 1000` for open streams.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { startBareWorker } from "./bench/bare-worker.ts";
import { type Call, percentile, type StreamTimes, steadyLoad } from "./bench/load.ts";
import { type Product, startProduct } from "./bench/product.ts";
import { buildIfStale } from "./build.ts";

const { values } = parseArgs({
  options: {
    streams: { type: "string", default: "1,50,200" },
    tokens: { type: "string", default: "100" },
    rate: { type: "string", default: "20" },
    port: { type: "string", default: "8790" },
  },
});
const tokens = Number(values.tokens);
const rate = Number(values.rate);
const answerMs = 200 + (tokens / rate) * 1_000;
const model = `stand-in?first_ms=200&tokens_per_second=${rate}&tokens=${tokens}`;
const question = "Which rooms may import which?";

// In a process of its own: a model's time must not depend on the load generator's.
const standIn = spawn(process.execPath, ["scripts/stand-ins/openai-server.ts"], {
  stdio: ["ignore", "pipe", "inherit"],
});
process.once("exit", () => standIn.kill());
const [address] = (await once(standIn.stdout, "data")) as [Buffer];
const upstream = String(address).trim();

buildIfStale();
const bare = await startBareWorker();
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
const passThrough = () => upstreamCall(`${bare.origin}/${new URL(upstream).host}/v1/chat/completions`);

async function productAskers(of: Product, streams: number): Promise<(asker: number) => Call> {
  const conversations: string[] = [];
  for (let i = 0; i < streams; i++)
    conversations.push(String((await of.post("/conversations", { clone_id: of.cloneId })).id));
  return (asker) => ({
    url: `${of.origin}/api/v1/conversations/${conversations[asker]}/messages`,
    headers: { Authorization: `Bearer ${of.token}`, Accept: "text/event-stream" },
    body: JSON.stringify({ content: question }),
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
  tokens: times.reduce((sum, each) => sum + each.tokens, 0),
  incomplete: times.filter(({ complete }) => !complete).length,
});
const added = (values: number[], floor: number[]) =>
  values.map((value, i) => (value - (floor[i] ?? 0)).toFixed(1)).join(" / ");

console.log(
  `Answers of ${tokens} tokens at ${rate} a second, 200 ms to the first; milliseconds added over calling the upstream directly, p50 / p99.`,
);
console.log("streams  what          first token      gap           CPU ms / 1,000 tokens   incomplete");
for (const streams of values.streams.split(",").map(Number)) {
  const rounds = streams < 10 ? 8 : 3;
  const floor = figures(await steadyLoad(streams, rounds, answerMs, direct));
  const through = figures(await steadyLoad(streams, rounds, answerMs, passThrough));
  const ask = await productAskers(product, streams);
  const before = product.cpuSeconds();
  const ours = figures(await steadyLoad(streams, rounds, answerMs, ask));
  const cpu = ((product.cpuSeconds() - before) / ours.tokens) * 1_000_000;
  const row = (name: string, of: typeof ours, note: string) =>
    console.log(
      `${String(streams).padEnd(9)}${name.padEnd(14)}${added(of.first, floor.first).padEnd(17)}${added(of.gap, floor.gap).padEnd(14)}${note.padEnd(24)}${of.incomplete}`,
    );
  row("pass-through", through, "");
  row("understudy", ours, cpu.toFixed(0));
}
console.log(`workerd's memory at the end: ${product.memoryMb().toFixed(0)} MB`);

await product.stop();
await bare.stop();
process.exit(0);
