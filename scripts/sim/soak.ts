import assert from "node:assert/strict";
import { Asking } from "../bench/asking.ts";
import { load, type Outcome, percentile } from "../bench/load.ts";
import { startProduct } from "../bench/product.ts";
import { buildIfStale } from "../build.ts";
import { freePort } from "../free-port.ts";
import { startOpenAiStandIn } from "../stand-ins/openai-server.ts";

const people = 50;
/** Memory counts once all that is kept for a while has come to its size, from this share of the time on. */
const settledAfter = 0.4;
const lookEveryMs = 10_000;
/** What is promised: of all questions, and in MB a minute. */
const [mostFailed, mostGrowth] = [0.001, 1];

/** By how much `y` grows with `x`, of points that lie about a line. */
function slopeOf(points: { x: number; y: number }[]): number {
  const mean = (of: "x" | "y") => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [mean("x"), mean("y")];
  const over = points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0);
  return over / points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
}

/** Has fifty people ask for so many minutes, in new conversations and in the ones that these become, and looks at what fails and what memory is taken. */
export async function soak(minutes: number): Promise<string> {
  await buildIfStale(console.log);
  const standIn = await startOpenAiStandIn();
  const model = "openai/stand-in?first_ms=200&tokens_per_second=20&tokens=60";
  const product = await startProduct(await freePort(), standIn.url, model);
  try {
    const asking = new Asking(product);
    const started = performance.now();
    const until = started + minutes * 60_000;
    const memory: { x: number; y: number }[] = [];
    const looks = setInterval(() => {
      memory.push({ x: (performance.now() - started) / 60_000, y: product.memoryMb() });
    }, lookEveryMs);
    const all: Outcome[] = [];
    while (performance.now() < until) {
      const patienceMs = Math.min(60_000, until - performance.now());
      const shape = { streams: people, rounds: Number.POSITIVE_INFINITY, spreadMs: 3_000, patienceMs };
      all.push(await load(shape, all.length % 2 === 0 ? asking.inNew() : await asking.inOld(people, {})));
    }
    clearInterval(looks);
    const sum = (of: (outcome: Outcome) => number) => all.reduce((total, outcome) => total + of(outcome), 0);
    const asked = sum((outcome) => outcome.asked);
    const answers = all.flatMap((outcome) => outcome.answers);
    const whole = answers.filter(({ complete, lost }) => complete && lost === 0).length;
    const growth = slopeOf(memory.filter(({ x }) => x > minutes * settledAfter));
    const said = `${people} people asked ${asked} questions in ${minutes} minutes: ${asked - whole} failed, ${sum(({ resets }) => resets)} of them cut off, ${sum(({ refusals }) => refusals.length)} were told to come back; the 99th first token came after ${percentile(
      answers.map(({ firstToken }) => firstToken),
      0.99,
    ).toFixed(0)} ms; memory grew by ${growth.toFixed(2)} MB a minute to ${product.memoryMb().toFixed(0)} MB.`;
    assert.ok(asked - whole <= asked * mostFailed, said);
    assert.ok(growth < mostGrowth, said);
    return said;
  } finally {
    await product.stop();
    await standIn.close();
  }
}
