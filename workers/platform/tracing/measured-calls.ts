import { common, genAi, instruments, modelNamed } from "./gen-ai-names.ts";

/** A call of a model that has ended. */
export interface MeasuredCall {
  /** What it was, in the word of the conventions: `chat`, `embeddings`. */
  operation: string;
  /** The model's id. */
  model: string;
  durationMs: number;
  /** Why it failed, in a word; null where it did not. */
  error: string | null;
  /** What its provider counted; no estimate stands in for it. */
  promptTokens?: number | undefined;
  completionTokens?: number | undefined;
}

/** How often an instrument showed what, since `since` (ms), for calls of which the same is said. */
export interface Histogram {
  instrument: keyof typeof instruments;
  attributes: Record<string, string>;
  since: number;
  count: number;
  sum: number;
  min: number;
  max: number;
  /** One more than there are bounds: the last has no end. */
  buckets: number[];
}

/** So many histograms wait at most: names of models come from people. */
const mostWaiting = 500;

/** What calls took that were not told of yet. */
export class MeasuredCalls {
  #histograms = new Map<string, Histogram>();

  add({ operation, model, durationMs, error, promptTokens, completionTokens }: MeasuredCall): void {
    const about: Record<string, string> = { [genAi.operation]: operation, ...modelNamed(model) };
    this.#show("duration", error === null ? about : { ...about, [common.errorType]: error }, durationMs / 1_000);
    if (promptTokens !== undefined) this.#show("tokens", { ...about, [genAi.tokenType]: "input" }, promptTokens);
    // Vectors are no tokens that were written.
    if (completionTokens !== undefined && operation === "chat")
      this.#show("tokens", { ...about, [genAi.tokenType]: "output" }, completionTokens);
  }

  #show(instrument: Histogram["instrument"], attributes: Record<string, string>, value: number): void {
    const key = JSON.stringify([instrument, attributes]);
    let histogram = this.#histograms.get(key);
    if (!histogram) {
      if (this.#histograms.size >= mostWaiting) return;
      const buckets = new Array<number>(instruments[instrument].bounds.length + 1).fill(0);
      const nothing = { since: Date.now(), count: 0, sum: 0, min: value, max: value };
      histogram = { instrument, attributes, ...nothing, buckets };
      this.#histograms.set(key, histogram);
    }
    const above = instruments[instrument].bounds.findIndex((bound) => value <= bound);
    const at = above === -1 ? histogram.buckets.length - 1 : above;
    histogram.buckets[at] = (histogram.buckets[at] ?? 0) + 1;
    histogram.count += 1;
    histogram.sum += value;
    histogram.min = Math.min(histogram.min, value);
    histogram.max = Math.max(histogram.max, value);
  }

  /** All of it; from now on it is told. */
  take(): Histogram[] {
    const all = [...this.#histograms.values()];
    this.#histograms = new Map();
    return all;
  }
}
