import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { transformWithOxc } from "vite";
import { readVariables } from "../settings.ts";
import { Asking, questionOf } from "./asking.ts";
import { type Bindings, serveBuilt } from "./built.ts";
import type { BindingCall, BindingKind } from "./latencies.ts";
import { timeStream } from "./load.ts";
import { makePerson, variablesFor } from "./product.ts";

const latenciesFile = "scripts/bench/latencies.ts";
/** How often each case is asked. */
const times = 3;
/** What a turn still does behind its answer is over then, and an object that nobody asks is out of memory. */
const quietMs = 12_000;

/** A module that is the built product's, with late bindings for it and for each of its objects. */
function entryFor({ d1_databases, r2_buckets, queues, durable_objects: { bindings: objects } }: Bindings): string {
  const kinds: Record<string, BindingKind> = {};
  for (const { binding } of d1_databases) kinds[binding] = "d1";
  for (const { binding } of r2_buckets) kinds[binding] = "r2";
  for (const { binding } of queues.producers) kinds[binding] = "queue";
  for (const { name } of objects) kinds[name] = "object";
  const classes = objects.map(
    ({ class_name }) => `export class ${class_name} extends product.${class_name} {
  constructor(state, env) { super(state, late(env)); }
}`,
  );
  return `import * as product from "./index.js";
import { answerCalls, lateEnv } from "./bench-latencies.js";
const late = (env) => lateEnv(env, ${JSON.stringify(kinds)});
export default {
  fetch: (request, env, ctx) => answerCalls(request) ?? product.default.fetch(request, late(env), ctx),
  queue: (batch, env, ctx) => product.default.queue(batch, late(env), ctx),
  scheduled: (controller, env, ctx) => product.default.scheduled(controller, late(env), ctx),
};
${classes.join("\n")}
`;
}

type Made = BindingCall & { ready: number };

/** The longest row of calls of which each was made after the one before had been. */
export function longestChain(calls: Made[]): Made[] {
  const sorted = calls.toSorted((a, b) => a.ready - b.ready);
  const chains: Made[][] = [];
  const longer = (a: Made[], b: Made[]) => (b.length > a.length ? b : a);
  for (const call of sorted) {
    const before = chains.filter((chain) => (chain.at(-1)?.ready ?? 0) <= call.start);
    chains.push([...before.reduce(longer, []), call]);
  }
  return chains.reduce(longer, []);
}

interface Traced {
  began: number;
  /** ms until what was waited for had come. */
  tookMs: number;
  calls: Made[];
}

/** Prints how deep a case went each time, and the calls for each depth. */
function describe(what: string, all: Traced[]): void {
  const chains = all.map(({ calls }) => longestChain(calls));
  const depths = chains.map(({ length }) => length);
  const took = all.map(({ tookMs }) => tookMs.toFixed(0));
  console.log(`\n${what}: ${depths.join(", ")} calls one behind the other; ${took.join(", ")} ms.`);
  for (const [i, { began, calls }] of all.entries()) {
    const chain = chains[i] ?? [];
    if (depths.indexOf(chain.length) < i) continue;
    if (i > 0) console.log();
    for (const call of calls) {
      const [start, ready] = [call.start, call.ready].map((at) => String(at - began).padStart(4));
      console.log(`  ${chain.includes(call) ? "→" : " "} ${start} to ${ready} ms  ${call.name}`);
    }
  }
}

/**
 * Runs the built product with the latencies of Cloudflare's network before its calls, and prints which of them stand one behind the
 * other before the first token of an answer whose model takes no time.
 */
export async function countCalls(port: number, upstream: string, files: string[]): Promise<void> {
  const stateDir = mkdtempSync(join(tmpdir(), "understudy-bench-late-"));
  const origin = `http://127.0.0.1:${port}`;
  const model = "openai/stand-in?tokens=10&tokens_per_second=20";
  // With the limits that everybody has, as they are calls too.
  const variables = { ...readVariables(stateDir, console.log), ...variablesFor(upstream, model), RATE_LIMITS: "" };
  const latencies = await transformWithOxc(readFileSync(latenciesFile, "utf8"), latenciesFile);
  const stop = await serveBuilt({
    ...{ port, stateDir, variables: { ...variables, APP_URL: origin } },
    entry: entryFor,
    beside: { "bench-latencies.js": latencies.code },
  });
  const asking = new Asking(await makePerson(origin, files));
  const traced = async (act: () => Promise<number>): Promise<Traced> => {
    await fetch(`${origin}/__bench/calls`, { method: "PUT" });
    const began = Date.now();
    const tookMs = await act();
    const calls = (await (await fetch(`${origin}/__bench/calls`)).json()) as BindingCall[];
    // What was over only later was not waited for. On a busy machine some of what runs beside an answer is over earlier, and counts too.
    const isBefore = (call: BindingCall): call is Made => call.ready !== null && call.ready <= began + tookMs;
    return { began, tookMs, calls: calls.filter(isBefore) };
  };
  const asked = (id: string, asker: number, round: number) =>
    traced(async () => (await timeStream(asking.call(id, questionOf(asker, round)))).firstToken);
  const old: string[] = [];
  const [opened, first, followUp]: Traced[][] = [[], [], []];
  for (let i = 0; i < times; i++) {
    let id = "";
    opened?.push(
      await traced(async () => {
        const began = performance.now();
        id = await asking.open();
        return performance.now() - began;
      }),
    );
    first?.push(await asked(id, i, 0));
    old.push(id);
    await delay(1_000);
  }
  await delay(quietMs);
  for (const [i, id] of old.entries()) {
    followUp?.push(await asked(id, i, 1));
    await delay(1_000);
  }
  console.log(`Calls before the first token, each time of ${times}, with the latencies of a network before each.`);
  describe("A conversation is made", opened ?? []);
  describe("Its first question", first ?? []);
  describe("A known session's follow-up in an old conversation", followUp ?? []);
  await stop();
  rmSync(stateDir, { recursive: true, force: true });
}
