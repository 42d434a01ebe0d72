import { keyOf } from "./terms.ts";

/** So many words of passages are kept, and those of one search more: four bytes each. */
const mostKept = 2_000_000;
/** So many different words are numbered, and those of one search more. */
const mostNumbered = 200_000;

/** A passage's document and its telling words in order, by their numbers. */
export interface PassageWords {
  doc: number;
  stems: Uint32Array;
  /** What each stem is looked up by, as the number of another word. */
  keys: Uint32Array;
  /** How many parts the words have together. */
  parts: number;
}

const partLength = 4;

/** The overlapping parts of a word, its edges among them: words of one root share most of them, in any language. A code has none but itself. */
function partsOf(stem: string): string[] {
  const edged = `^${stem}$`;
  if (edged.length <= partLength || /^[-?\p{N}#]/u.test(stem)) return [edged];
  return Array.from({ length: edged.length - partLength + 1 }, (_, i) => edged.slice(i, i + partLength));
}

/** Numbers for texts, from 0. */
class Numbers {
  readonly #numbers = new Map<string, number>();
  readonly texts: string[] = [];

  of(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.texts.push(text);
    this.#numbers.set(text, this.texts.length - 1);
    return this.texts.length - 1;
  }

  clear(): void {
    this.#numbers.clear();
    this.texts.length = 0;
  }
}

/**
 * The telling words of passages as numbers, which compare faster than text and need not be cut apart for every question. Kept until anything in the
 * index changes.
 */
export class WordsInMemory {
  readonly #words = new Numbers();
  readonly #parts = new Numbers();
  readonly #keys: number[] = [];
  readonly #partsOf: Uint32Array[] = [];
  readonly #passages = new Map<number, PassageWords>();
  #kept = 0;
  #edition = 0;

  /** Drops what is kept, for a change is coming. */
  forget(): void {
    this.#passages.clear();
    this.#kept = 0;
  }

  /** Drops all where it has become too much: to be called before a search, during which nothing goes. */
  makeRoom(): void {
    if (this.#kept <= mostKept && this.size <= mostNumbered) return;
    this.forget();
    this.#words.clear();
    this.#parts.clear();
    this.#keys.length = 0;
    this.#partsOf.length = 0;
    this.#edition++;
  }

  /** Which numbering this is: numbers of another mean nothing. */
  get edition(): number {
    return this.#edition;
  }

  /** Every number of a word is below this. */
  get size(): number {
    return this.#words.texts.length;
  }

  /** Every number of a part is below this. */
  get sizeOfParts(): number {
    return this.#parts.texts.length;
  }

  numberOf(word: string): number {
    return this.#words.of(word);
  }

  wordOf(number: number): string {
    return this.#words.texts[number] ?? "";
  }

  /** The number of what a stem is looked up by. */
  keyOf(stem: number): number {
    this.#keys[stem] ??= this.numberOf(keyOf(this.wordOf(stem)));
    return this.#keys[stem];
  }

  /** The parts of a stem, by their numbers. */
  partsOf(stem: number): Uint32Array {
    this.#partsOf[stem] ??= Uint32Array.from(partsOf(this.wordOf(stem)), (part) => this.#parts.of(part));
    return this.#partsOf[stem];
  }

  /** What is kept of a passage. */
  of(id: number): PassageWords | undefined {
    return this.#passages.get(id);
  }

  /** Keeps a passage whose telling words stand in `terms`, with spaces between. */
  keep(id: number, doc: number, terms: string): PassageWords {
    const list = terms === "" ? [] : terms.split(" ");
    const stems = Uint32Array.from(list, (word) => this.numberOf(word));
    const keys = stems.map((stem) => this.keyOf(stem));
    const parts = stems.reduce((sum, stem) => sum + this.partsOf(stem).length, 0);
    const passage = { doc, stems, keys, parts };
    this.#passages.set(id, passage);
    this.#kept += 2 * list.length;
    return passage;
  }
}
