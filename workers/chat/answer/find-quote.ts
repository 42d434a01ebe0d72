import type { FoundPassage } from "../../knowledge/search-knowledge.ts";
import { askedPart } from "../../text/words.ts";
import type { FindQuote, Quote } from "./citation-markers.ts";
import { claimBefore, numbersIn, supportOf } from "./citation-support.ts";
import { quoteSpan } from "./quote.ts";

/** So many markers of an answer are held against their passages; nobody reads more of them, and each takes its time. */
const mostMarkers = 1_000;

/** Holds every citation of an answer against the passage that it names. */
export class QuoteFinder {
  readonly #passages: readonly FoundPassage[];
  readonly #question: string;
  /** Numbers that the question says; an answer may say them again. */
  readonly #given: ReadonlySet<string>;
  /** Citations that were left out, because their passage does not say what the sentence says. */
  dropped = 0;
  #markers = 0;

  constructor(passages: readonly FoundPassage[], question: string) {
    this.#passages = passages;
    this.#question = askedPart(question);
    this.#given = numbersIn(this.#question);
  }

  /** The part of a passage that supports the sentence before a marker: see `FindQuote`. */
  readonly find: FindQuote = (offered, said, quoted) => {
    const passage = this.#passages[offered - 1];
    if (!passage) return null;
    if (++this.#markers > mostMarkers) {
      this.dropped++;
      return null;
    }
    const { text, section, filename } = passage;
    const claim = claimBefore(said);
    const supports = (part: string) => supportOf(claim, `${section ?? ""}\n${filename}\n${part}`, this.#given);
    const known = quoted.find(({ start, end }) => supports(text.slice(start, end)) === "yes");
    if (known) return known;
    const support = supports(text);
    if (support === "no") {
      this.dropped++;
      return null;
    }
    // Where words cannot tell, one quote of a passage is as good as another.
    if (support === "unknown" && quoted[0]) return quoted[0];
    return this.#best(text, claim, said);
  };

  #best(text: string, claim: string, said: string): Quote {
    return quoteSpan(text, claim.length > 20 ? claim : `${this.#question} ${said.slice(-600)}`);
  }
}
