import type { FoundPassage } from "../../knowledge/search-knowledge.ts";
import { askedPart } from "../../text/words.ts";
import type { FindQuote, Quote } from "./citation-markers.ts";
import { type Comparison, compare, type Support, sentenceWithNumbers, supportOf } from "./citation-support.ts";
import { quoteSpan } from "./quote.ts";
import { type Claim, claimBefore } from "./support/claims.ts";

/** So many markers of an answer are held against their passages; nobody reads more of them, and each takes its time. */
const mostMarkers = 1_000;

const lacks = ({ lack }: Comparison) => lack.numbers.length + lack.codes.length;

/** Holds every citation of an answer against the passage that it names. */
export class QuoteFinder {
  readonly #passages: readonly FoundPassage[];
  readonly #question: string;
  /** Citations that were left out, because their passage does not say what the sentence says. */
  dropped = 0;
  #markers = 0;

  constructor(passages: readonly FoundPassage[], question: string) {
    this.#passages = passages;
    this.#question = askedPart(question);
  }

  /** The part of a passage that supports what stands before a marker: see `FindQuote`. */
  readonly find: FindQuote = (offered, said, quoted, beside = []) => {
    const passage = this.#passages[offered - 1];
    if (!passage) return null;
    if (++this.#markers > mostMarkers) {
      this.dropped++;
      return null;
    }
    const claim = claimBefore(said);
    const { text } = passage;
    const known = quoted.find(({ start, end }) => this.#supports(claim, passage, text.slice(start, end)) === "yes");
    if (known) return known;
    const support = this.#together(claim, passage, beside);
    if (support === "no") {
      this.dropped++;
      return null;
    }
    // Where words cannot tell, one quote of a passage is as good as another.
    if (support === "unknown" && quoted[0]) return quoted[0];
    return this.#best(text, claim.sentence, said);
  };

  /** Whether a passage supports what stands before a marker that names it, together with those `beside` it. */
  support(offered: number, said: string, beside: readonly number[]): Support {
    const passage = this.#passages[offered - 1];
    return passage ? this.#together(claimBefore(said), passage, beside) : "no";
  }

  #textOf({ section, filename, text }: FoundPassage, part = text): string {
    return `${section ?? ""}\n\n${filename.replace(/[-_.]+/g, " ")}\n\n${part}`;
  }

  #supports({ sentence, clause, earlier }: Claim, passage: FoundPassage, part: string) {
    const text = this.#textOf(passage, part);
    const isBorneOut = earlier.every((each) => lacks(compare(each, text, this.#question)) === 0);
    return isBorneOut ? supportOf(sentence, text, this.#question, clause) : "no";
  }

  /** Several passages that are named for the same words may bear them out together, where each says a number or a code of them. */
  #together(claim: Claim, passage: FoundPassage, beside: readonly number[]) {
    const alone = this.#supports(claim, passage, passage.text);
    if (alone !== "no" || beside.length === 0) return alone;
    const others = beside.flatMap((each) => this.#passages[each - 1] ?? []);
    const all = [passage, ...others].map((each) => this.#textOf(each));
    for (const sentence of [...claim.earlier, claim.sentence]) {
      const clause = sentence === claim.sentence ? claim.clause : sentence;
      const compared = all.map((text) => compare(sentence, text, this.#question, clause));
      const [own, ...rest] = compared.filter((each) => each.words !== "no");
      if (!own || compared[0]?.words === "no") return "no";
      const numbers = own.lack.numbers.filter((number) =>
        rest.every(({ lack }) => lack.numbers.some(({ start }) => start === number.start)),
      );
      const codes = own.lack.codes.filter((code) => rest.every(({ lack }) => lack.codes.includes(code)));
      if (numbers.length + codes.length > 0 || (lacks(own) > 0 && !own.hasSome)) return "no";
    }
    return "yes";
  }

  #best(text: string, claim: string, said: string): Quote {
    const hint = claim.length > 20 ? claim : `${this.#question} ${said.slice(-600)}`;
    return quoteSpan(text, `${hint} ${sentenceWithNumbers(claim, text)}`);
  }
}
