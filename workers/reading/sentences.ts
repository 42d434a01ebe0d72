import type { PlacedBlock } from "./parsed-document.ts";

type Place = Pick<PlacedBlock, "start" | "end">;

/** Characters that are parted at once, about: every beginning costs memory that the engine gives back late. */
const windowLength = 64 * 1024;

/** The sentences of a document's blocks, asked for in the order of the text. What stands between blocks ends a sentence anyway. */
export class Sentences {
  readonly #text: string;
  readonly #segmenter = new Intl.Segmenter(undefined, { granularity: "sentence" });
  #segments: Iterator<Intl.SegmentData> | null = null;
  /** The window that is parted, and its sentence that is next. */
  #from = 0;
  #to = 0;
  #start = 0;
  #end = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The sentences of a block, which lies behind those that were asked for before. */
  *of(block: Place): Generator<Place> {
    if (block.end > this.#to) this.#begin(block);
    while (this.#end <= block.start && this.#next());
    while (this.#start < block.end) {
      yield { start: Math.max(this.#start, block.start), end: Math.min(this.#end, block.end) };
      if (this.#end > block.end || !this.#next()) return;
    }
  }

  #begin({ start, end }: Place): void {
    this.#from = start;
    this.#to = Math.max(end, Math.min(this.#text.length, start + windowLength));
    this.#segments = this.#segmenter.segment(this.#text.slice(this.#from, this.#to))[Symbol.iterator]();
    [this.#start, this.#end] = [start, start];
  }

  #next(): boolean {
    const next = this.#segments?.next();
    if (!next || next.done) return false;
    this.#start = this.#from + next.value.index;
    this.#end = this.#start + next.value.segment.length;
    return true;
  }
}
