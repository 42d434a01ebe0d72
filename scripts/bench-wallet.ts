/**
 * What paying costs: holds a second of one wallet beside a bare object that stores one row a call, and by how much a first token comes later where
 * a turn is paid, both in one run. `npm run bench:wallet -- --holds 4000 --asks 100`
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Asking, questionOf } from "./bench/asking.ts";
import { serveBuilt } from "./bench/built.ts";
import { timeStream } from "./bench/load.ts";
import { makePerson, variablesFor } from "./bench/product.ts";
import { buildIfStale } from "./build.ts";
import { readVariables } from "./settings.ts";
import { startOpenAiStandIn } from "./stand-ins/openai-server.ts";

const { values } = parseArgs({
  options: {
    holds: { type: "string", default: "4000" },
    asks: { type: "string", default: "100" },
    port: { type: "string", default: "8790" },
  },
});

const entry = () => `import { DurableObject } from "cloudflare:workers";
import * as product from "./index.js";
export * from "./index.js";
export class Bare extends DurableObject {
  constructor(state, env) {
    super(state, env);
    state.storage.sql.exec("CREATE TABLE IF NOT EXISTS rows (id TEXT PRIMARY KEY, amount INTEGER NOT NULL)");
  }
  async add(id) {
    this.ctx.storage.sql.exec("INSERT INTO rows (id, amount) VALUES (?, 1)", id);
  }
}
const terms = { priceId: null, shares: [] };
async function each(count, run) {
  const began = Date.now();
  let next = 0;
  const work = async () => { while (next < count) await run(next++); };
  await Promise.all(Array.from({ length: 50 }, work));
  return (count / (Date.now() - began)) * 1000;
}
async function measure(env, round, count) {
  const bare = env.BARE.get(env.BARE.idFromName("bench"));
  const wallet = env.WALLET.get(env.WALLET.idFromName("bench"));
  await wallet.fund("bench", { id: "pay" + round, amount: 10 * count, details: {} });
  const rows = await each(count, (i) => bare.add(round + "_" + i));
  const holds = await each(count, (i) => wallet.hold("bench", {
    id: "turn_" + round + "_" + i, usage: 10, leastUsage: 10, price: 0, cloneId: null, needsSession: false, terms,
    details: { message_id: "msg_" + round + "_" + i, conversation_id: "conv_1", clone_id: null, model: "a/b" },
    expiresAt: Date.now() + 3600000,
  }));
  return { rows, holds };
}
export default {
  async fetch(request, env, ctx) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== "/__bench/wallet") return product.default.fetch(request, env, ctx);
    return Response.json(await measure(env, searchParams.get("round"), Number(searchParams.get("holds"))));
  },
  queue: (batch, env, ctx) => product.default.queue(batch, env, ctx),
  scheduled: (controller, env, ctx) => product.default.scheduled(controller, env, ctx),
};
`;

const middle = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

await buildIfStale(console.log);
const upstream = await startOpenAiStandIn();
const name = "stand-in?tokens=3&tokens_per_second=1000";
const prices = {
  date: "2026-11-30",
  providers: { openai: { models: { [name]: { cost: { input: 2, output: 10 } } } } },
};

/** A product that bills, or does not, and a person who asks it. */
async function serve(port: number, BILLING: "on" | "off") {
  const stateDir = mkdtempSync(join(tmpdir(), "understudy-bench-wallet-"));
  const origin = `http://127.0.0.1:${port}`;
  const variables = {
    ...readVariables(stateDir, () => {}),
    ...variablesFor(upstream.url, `openai/${name}`),
    ...{ APP_URL: origin, BILLING, FREE_MONTHLY_CREDITS: "100000", MODEL_CATALOGUE: JSON.stringify(prices) },
  };
  const stop = await serveBuilt({ port, stateDir, variables, entry, objects: { BARE: "Bare" } });
  const asking = new Asking(await makePerson(origin, ["docs/usage.md"]));
  const id = await asking.open();
  return {
    origin,
    firstToken: async (round: number) => (await timeStream(asking.call(id, questionOf(round, round)))).firstToken,
    async stop() {
      await stop();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

const port = Number(values.port);
const [free, paid] = [await serve(port, "off"), await serve(port + 1, "on")];

const asks = Number(values.asks);
const took: Record<"free" | "paid", number[]> = { free: [], paid: [] };
for (let round = 0; round < asks + 10; round++) {
  const [first, second] = round % 2 === 0 ? (["free", "paid"] as const) : (["paid", "free"] as const);
  for (const which of [first, second]) {
    const ms = await (which === "free" ? free : paid).firstToken(round);
    if (round >= 10) took[which].push(ms);
  }
}
const [without, with_] = [middle(took.free), middle(took.paid)];
console.log(
  `A first token, p50 of ${asks}: ${without.toFixed(1)} ms where nothing is billed, ${with_.toFixed(1)} ms where it is: ${(with_ - without).toFixed(1)} ms more.`,
);
// The first rounds warm up both, and count for nothing.
const rates: { rows: number; holds: number }[] = [];
for (let round = 0; round < 4; round++) {
  const answer = await fetch(`${paid.origin}/__bench/wallet?round=${round}&holds=${values.holds}`);
  const rate = (await answer.json()) as { rows: number; holds: number };
  if (round > 0) rates.push(rate);
}
const [rows, holds] = [middle(rates.map((rate) => rate.rows)), middle(rates.map((rate) => rate.holds))];
console.log(
  `One wallet: ${holds.toFixed(0)} holds a second; an object that stores a row a call: ${rows.toFixed(0)}: ${((holds / rows) * 100).toFixed(0)} %.`,
);

await Promise.all([free.stop(), paid.stop()]);
await upstream.close();
process.exit(0);
