import type { Visit } from "./journey.ts";

let models = 0;

/** A model whose answers hold still where a journey wants them to. */
export interface HeldModel {
  id: string;
  /** Waits until one of its answers holds still, and lets that go on. */
  goOn(): Promise<void>;
}

/** The stand-in's model that says `tokens` counted words, and holds still after each of `pauses`; null where the product runs elsewhere. */
export function heldModel({ models: url }: Visit, tokens: number, ...pauses: number[]): HeldModel | null {
  if (!url) {
    console.log("    SKIPPED: the models of the product that BASE_URL names do not wait for a journey.");
    return null;
  }
  models++;
  const model = `stand-in?tokens=${tokens}&pause=${pauses}&tokens_per_second=100&of=${models}`;
  const resume = new URL("/_resume", url);
  resume.searchParams.set("model", model);
  return {
    id: `openai/${model}`,
    async goOn() {
      await fetch(resume, { method: "POST" });
    },
  };
}
