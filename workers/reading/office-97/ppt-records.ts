import type { ReadingBudget } from "../budget.ts";
import { viewOf } from "./doc-file.ts";

/** A record of a PowerPoint stream ([MS-PPT] 2.3.1). */
export interface PptRecord {
  type: number;
  /** Tells apart records of one type. */
  instance: number;
  isContainer: boolean;
  data: Uint8Array;
}

/** What a record costs wherever it is met. */
const recordCost = 50;
const maxDepth = 60;

/** Reads records, which count however often a presentation refers to one of them. */
export class PptRecords {
  readonly #stream: Uint8Array;
  readonly #view: DataView;
  readonly budget: ReadingBudget;

  constructor(stream: Uint8Array, budget: ReadingBudget) {
    this.#stream = stream;
    this.budget = budget;
    this.#view = viewOf(stream);
  }

  /** The record that begins at `offset`; null where none does. Throws `UnreadableDocument` past the bound. */
  at(offset: number): PptRecord | null {
    this.budget.spend(recordCost);
    if (offset + 8 > this.#stream.length) return null;
    const version = this.#view.getUint16(offset, true);
    const end = offset + 8 + this.#view.getUint32(offset + 4, true);
    return {
      type: this.#view.getUint16(offset + 2, true),
      instance: version >> 4,
      isContainer: (version & 15) === 15,
      data: this.#stream.subarray(offset + 8, end),
    };
  }

  /** The records that stand in `container`, one after the other. */
  *in(container: PptRecord): Generator<PptRecord> {
    const start = container.data.byteOffset - this.#stream.byteOffset;
    for (let at = start; at + 8 <= start + container.data.length; ) {
      const record = this.at(at);
      if (!record) return;
      yield record;
      at += 8 + this.#view.getUint32(at + 4, true);
    }
  }

  /** The records in `container` at any depth, as they follow each other. */
  *within(container: PptRecord, depth = 0): Generator<PptRecord> {
    for (const record of this.in(container)) {
      yield record;
      if (record.isContainer && depth < maxDepth) yield* this.within(record, depth + 1);
    }
  }
}
