import { Parser, type ParserOptions } from "htmlparser2";
import type { ReadingBudget } from "../budget.ts";
import { UnreadableDocument } from "../unreadable-document.ts";

/** No element that a program writes has so many; each is kept until its tag ends. */
const maxAttributes = 5_000;

interface Events {
  onopentag(name: string, attributes: Record<string, string>): void;
  onclosetag(name: string): void;
  ontext(text: string): void;
  onprocessinginstruction?: (name: string, instruction: string) => void;
}

/**
 * htmlparser2 with its work counted. It looks for the element that a closing tag ends through all that are open, which is why that
 * costs as much as they are, and why there may not be many.
 */
export class CountedParser extends Parser {
  readonly #budget: ReadingBudget;
  readonly #depth: { now: number };

  constructor(events: Events, options: ParserOptions, budget: ReadingBudget) {
    const depth = { now: 0 };
    let attributes = 0;
    super(
      {
        ...events,
        onattribute() {
          if (++attributes > maxAttributes)
            throw new UnreadableDocument("damaged", "An element of this file has more attributes than can be read.");
        },
        onopentag(name, values) {
          attributes = 0;
          budget.spend(1);
          budget.checkDepth(++depth.now);
          events.onopentag(name, values);
        },
        onclosetag(name) {
          depth.now--;
          events.onclosetag(name);
        },
      },
      options,
    );
    this.#budget = budget;
    this.#depth = depth;
  }

  override onopentagname(start: number, end: number): void {
    // What is open is moved for the new element.
    this.#budget.spend(1 + this.#depth.now / 16);
    super.onopentagname(start, end);
  }

  override onclosetag(start: number, end: number): void {
    this.#budget.spend(1 + this.#depth.now);
    super.onclosetag(start, end);
  }

  override write(piece: string): void {
    this.#budget.spend(piece.length);
    super.write(piece);
  }
}
