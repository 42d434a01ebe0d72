import type { Model } from "../../../workers/models/contract.ts";
import { priceWords } from "./model-price.ts";

const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 0 });

/** How much a model reads and writes at once. */
export const contextWords = (tokens: number | null) =>
  tokens === null ? "context unknown" : `${short.format(tokens)} tokens of context`;

/** What is known of a model, in a line. */
export function modelFacts(model: Model): string {
  if (model.offline) return "Quotes your documents, writes nothing of its own";
  return [
    contextWords(model.context_window),
    ...(model.vision ? ["sees pictures"] : []),
    ...(model.tools ? ["uses tools"] : []),
    ...(model.reasoning ? ["thinks first"] : []),
    priceWords(model.price),
  ].join(" · ");
}
