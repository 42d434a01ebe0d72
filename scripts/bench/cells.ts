import { setTimeout as delay } from "node:timers/promises";
import { type Ask, load, type Outcome, percentile } from "./load.ts";

/** One of the servers that a cell measures, and how it is asked. */
export interface Way {
  name: string;
  /** Seconds of CPU that its processes have used. */
  cpuSeconds(): number;
  ask: Ask;
}

/** So many people at a time, each with so many questions, for answers of so many tokens. */
export interface Load {
  streams: number;
  rounds: number;
  tokens: number;
  /** Within which the askers start. */
  spreadMs: number;
  /** After which nobody asks any more. */
  patienceMs: number;
}

/** Milliseconds, median and 99th percentile. */
export interface Figures {
  first: number[];
  gap: number[];
}

export interface Cell extends Load {
  name: string;
  figures: Figures;
  outcome: Outcome;
  /** CPU ms for each answer. */
  cpuMs: number;
}

const both = (values: number[]) => [0.5, 0.99].map((share) => percentile(values, share));

/** What a load's answers took. */
export const figuresOf = ({ answers }: Outcome): Figures => ({
  first: both(answers.map(({ firstToken }) => firstToken)),
  gap: both(answers.flatMap(({ gaps }) => gaps)),
});

/** For what a server does about an answer after its end. */
const settleMs = 500;

/** Measures one server under one load. */
export async function measure({ name, cpuSeconds, ask }: Way, shape: Load): Promise<Cell> {
  const before = cpuSeconds();
  const outcome = await load(shape, ask);
  await delay(settleMs);
  const cpuMs = ((cpuSeconds() - before) * 1_000) / outcome.answers.length;
  return { ...shape, name, figures: figuresOf(outcome), outcome, cpuMs };
}

const row = (cells: (string | number)[]) =>
  cells.map((cell, i) => String(cell).padEnd([9, 8, 18, 18, 18, 23][i] ?? 0)).join("");
const added = (values: number[], floor: number[]) =>
  values.map((value, i) => (value - (floor[i] ?? 0)).toFixed(1)).join(" / ");

export const heading = row([
  "streams",
  "tokens",
  "what",
  "first token",
  "gap",
  "CPU ms / 1,000 tokens",
  "answers (incomplete) of questions; lost events / refused / reset / failed",
]);

/** A cell's line, beside what calling the upstream directly took. */
export function lineOf({ streams, tokens, name, figures, outcome, cpuMs }: Cell, floor: Figures): string {
  const { answers, refusals, resets, failures } = outcome;
  const incomplete = answers.filter(({ complete }) => !complete).length;
  const lost = answers.reduce((sum, times) => sum + times.lost, 0);
  const counts = [lost, refusals.length, resets, failures.length].join(" / ");
  const line = row([
    streams,
    tokens,
    name,
    added(figures.first, floor.first),
    added(figures.gap, floor.gap),
    ((cpuMs / tokens) * 1_000).toFixed(0),
    `${answers.length} (${incomplete}) of ${outcome.asked}; ${counts}`,
  ]);
  return failures[0] ? `${line}\n  ${failures[0].message}` : line;
}

/**
 * What a turn costs by itself, and each of its tokens: from two cells of one server and number of streams whose answers are of
 * different lengths.
 */
export function* costs(cells: Cell[]): Generator<string> {
  for (const short of cells) {
    const long = cells.find(
      ({ name, streams, tokens }) => name === short.name && streams === short.streams && tokens > short.tokens,
    );
    if (!long?.outcome.answers.length || !short.outcome.answers.length) continue;
    const token = (long.cpuMs - short.cpuMs) / (long.tokens - short.tokens);
    const turn = short.cpuMs - token * short.tokens;
    const { streams, name } = short;
    yield `${String(streams).padEnd(9)}${name.padEnd(18)}${turn.toFixed(1).padEnd(18)}${(token * 1_000).toFixed(0)}`;
  }
}
