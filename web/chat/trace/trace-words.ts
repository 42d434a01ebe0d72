import type { z } from "zod";
import type { traceSpan } from "../../../workers/chat/trace-contract.ts";
import { genAi, own } from "../../../workers/platform/tracing/gen-ai-names.ts";

export type Step = z.output<typeof traceSpan>;

const names: Record<string, string> = {
  turn: "From question to answer",
  queue: "Waited in line",
  search: "Searched the documents",
  embedding: "Embedded the question",
  index: "Looked into the index",
  rerank: "Ranked the passages",
  rewriting: "Made the question searchable",
  model: "Asked the model",
  title: "Named the conversation",
  summary: "Summed up the conversation",
};

export const stepName = ({ name }: Step) => names[name] ?? name;

/** What is said of a step by a name, where it is a text or a number. */
export const textOf = ({ attributes }: Step, name: string) => {
  const value = attributes[name];
  return typeof value === "string" ? value : null;
};
export const numberOf = ({ attributes }: Step, name: string) => {
  const value = attributes[name];
  return typeof value === "number" ? value : null;
};

/** A time as people say it. */
export function durationIn(locale: string, ms: number): string {
  if (ms < 1) return "under 1\u00a0ms";
  if (ms < 1_000) return `${Math.round(ms)}\u00a0ms`;
  const seconds = ms / 1_000;
  if (seconds < 60) return `${seconds.toLocaleString(locale, { maximumFractionDigits: 1 })}\u00a0s`;
  return `${Math.floor(seconds / 60).toLocaleString(locale)}\u00a0min ${Math.floor(seconds % 60)}\u00a0s`;
}

const why: Record<string, string> = {
  down: "could not be reached",
  busy: "was busy",
  refused: "refused",
  context: "too long for it",
  cut_prompt: "would have read only a part",
  queue: "the line was too long",
  stopped: "stopped",
};

const modes: Record<string, string> = { keyword: "by words", vector: "by meaning", hybrid: "by words and meaning" };

/** The model that a step asked; what is built in is no model of anybody's. */
const modelOf = (step: Step) =>
  textOf(step, genAi.provider) === "offline" ? "built in" : textOf(step, genAi.requestModel);

/** What is known of a step, in short phrases. */
export function factsOf(step: Step, locale: string): string[] {
  const count = (number: number) => number.toLocaleString(locale);
  const [mode, passages] = [textOf(step, own.mode), numberOf(step, own.passages)];
  const [read, wrote] = [numberOf(step, genAi.inputTokens), numberOf(step, genAi.outputTokens)];
  const first = numberOf(step, genAi.firstChunk);
  return [
    modelOf(step),
    mode && (modes[mode] ?? mode),
    passages !== null && `${count(passages)} ${passages === 1 ? "passage" : "passages"}`,
    read !== null && `${count(read)} tokens read`,
    wrote !== null && `${count(wrote)} written`,
    first !== null && `first words after ${durationIn(locale, first * 1_000)}`,
  ].filter((fact) => typeof fact === "string");
}

/** Why a step failed, in a phrase; null where it did not. */
export const failureOf = ({ error }: Step) => error && (why[error] ?? error.replaceAll("_", " "));
