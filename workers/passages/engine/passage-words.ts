/** So many words of passages are kept, and those of one search more: four bytes each. */
const mostKept = 2_000_000;
/** So many different words are numbered, and those of one search more. */
const mostNumbered = 200_000;

/** A passage's document and its telling words in order, by their numbers. */
export interface PassageWords {
  doc: number;
  words: Uint32Array;
}

/**
 * The telling words of passages as numbers, which compare faster than text and need not be cut apart for every question. Kept until anything in the
 * index changes.
 */
export class WordsInMemory {
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];
  readonly #passages = new Map<number, PassageWords>();
  #kept = 0;

  /** Drops what is kept, for a change is coming. */
  forget(): void {
    this.#passages.clear();
    this.#kept = 0;
  }

  /** Drops all where it has become too much: to be called before a search, during which nothing goes. */
  makeRoom(): void {
    if (this.#kept <= mostKept && this.#texts.length <= mostNumbered) return;
    this.forget();
    this.#numbers.clear();
    this.#texts.length = 0;
  }

  /** Every number is below this. */
  get size(): number {
    return this.#texts.length;
  }

  numberOf(word: string): number {
    const known = this.#numbers.get(word);
    if (known !== undefined) return known;
    this.#texts.push(word);
    this.#numbers.set(word, this.#texts.length - 1);
    return this.#texts.length - 1;
  }

  wordOf(number: number): string {
    return this.#texts[number] ?? "";
  }

  /** What is kept of a passage. */
  of(id: number): PassageWords | undefined {
    return this.#passages.get(id);
  }

  /** Keeps a passage whose telling words stand in `terms`, with spaces between. */
  keep(id: number, doc: number, terms: string): PassageWords {
    const list = terms === "" ? [] : terms.split(" ");
    const passage = { doc, words: Uint32Array.from(list, (word) => this.numberOf(word)) };
    this.#passages.set(id, passage);
    this.#kept += list.length;
    return passage;
  }
}
