import { pause } from "../platform/pause.ts";
import type { InflationBudget } from "./archive/zip-archive.ts";
import type { DocumentKind } from "./formats.ts";
import { UnreadableDocument } from "./unreadable-document.ts";

/** What reading one upload may cost, with all files inside of it. */
export interface ReadingLimits {
  /** Milliseconds, without those spent waiting for others. Only the last resort: clocks of Workers stand still between two I/Os. */
  wallTime: number;
  /** Operations in any case, and for every byte of the upload. */
  operations: number;
  operationsPerByte: number;
  /** Operations whatever the upload's size. */
  mostOperations: number;
  /** Bytes that come out of compressed parts. */
  inflatedBytes: number;
  /** Things that are kept while reading: cells, styles, references, objects of a PDF. */
  objects: number;
  /** Bytes that are held at once beside the upload itself, as far as readers tell them. */
  heldBytes: number;
  /** Elements, groups or values that lie in one another. */
  depth: number;
}

const ordinary: ReadingLimits = {
  wallTime: 60_000,
  operations: 150_000_000,
  operationsPerByte: 60,
  mostOperations: 1_500_000_000,
  inflatedBytes: 64 * 1024 * 1024,
  objects: 2_000_000,
  heldBytes: 64 * 1024 * 1024,
  depth: 2_000,
};

/** Of packed XML: all that may come out of it can be passed over. */
const packed = { operations: 100_000_000 };
/** PDF: its text is packed ten times as tight, pdf.js works ten times as much for it, and a book may have thousands of pages. */
const printed = {
  wallTime: 180_000,
  operations: 60_000_000,
  operationsPerByte: 500,
  mostOperations: 4_000_000_000,
  heldBytes: 96 * 1024 * 1024,
};

/** Where a format differs. Books of a thousand pages, and archives of a thousand files, are honest and take their time. */
const ofKind: Partial<Record<DocumentKind, Partial<ReadingLimits>>> = {
  pdf: { ...printed, objects: 1_000_000 },
  docx: packed,
  xlsx: packed,
  pptx: packed,
  odt: packed,
  ods: packed,
  odp: packed,
  // They may hold PDFs.
  zip: printed,
  mbox: printed,
  eml: printed,
};

/** The one table of what reading a file of a kind may cost. */
export const readingLimits = (kind: DocumentKind): ReadingLimits => ({ ...ordinary, ...ofKind[kind] });

/** Characters of one document: what fits an isolate's 128 MB as text, blocks, chunks and JSON at once. */
export const maxTextLength = 12_000_000;

/** Blocks of one document: each costs more than a short line does, and no book has so many. */
export const maxBlocks = 400_000;

/** Between two looks at the clock, and two pauses, so many operations go by. */
const stride = 2_000_000;

const tooComplex = () =>
  new UnreadableDocument(
    "too_complex",
    "This file takes far more work to read than its size allows for, as ordinary programs never write it. Save it anew in an ordinary program and upload that, or split it.",
  );

const takesTooLong = () =>
  new UnreadableDocument(
    "takes_too_long",
    "This file takes too long to be read. Split it into several files and upload those.",
  );

export const nestedTooDeeply = () =>
  new UnreadableDocument(
    "damaged",
    "This file is nested too deeply to be read. Save it anew in an ordinary program and upload the new file.",
  );

export interface BudgetOptions {
  /** Milliseconds from anywhere. */
  now?: () => number;
  /** Called at every pause: what reads is at work, and does not hang. */
  onAlive?: () => void;
}

/**
 * What is left of what reading one upload may cost. Every loop of a reader whose length the file decides spends from it. An operation
 * is about what passing over a character costs: some nanoseconds.
 */
export class ReadingBudget implements InflationBudget {
  readonly limits: ReadingLimits;
  /** Bytes that compressed parts may still give. */
  left: number;
  #operations: number;
  #spent = 0;
  /** At how many operations the clock is looked at again, and when the last pause was. */
  #nextLook = stride;
  #nextPause = stride;
  #objects = 0;
  #held = 0;
  #deadline: number;
  readonly #now: () => number;
  readonly #onAlive: (() => void) | undefined;

  /** The budget of an upload of a kind and a size in bytes. */
  constructor(kind: DocumentKind, size: number, { now = () => performance.now(), onAlive }: BudgetOptions = {}) {
    this.limits = readingLimits(kind);
    const { operations, operationsPerByte, mostOperations, inflatedBytes, wallTime } = this.limits;
    this.#operations = Math.min(mostOperations, operations + operationsPerByte * size);
    this.left = inflatedBytes;
    this.#now = now;
    this.#onAlive = onAlive;
    this.#deadline = now() + wallTime;
  }

  /** Operations so far. */
  get spent(): number {
    return this.#spent;
  }

  /** Counts work that is about to be done. Throws `UnreadableDocument` where there was too much, or it takes too long. */
  spend(operations = 1): void {
    this.#spent += operations;
    if (this.#spent > this.#operations) throw tooComplex();
    if (this.#spent >= this.#nextLook) this.#look();
  }

  /** Counts things that are kept until the file is read. Throws `UnreadableDocument`. */
  keep(objects = 1): void {
    this.#objects += objects;
    if (this.#objects > this.limits.objects) throw tooComplex();
  }

  /** Takes back what was kept for a file inside, which is read. */
  letGo(objects: number): void {
    this.#objects -= objects;
  }

  /** Counts bytes that are about to be held; `release` gives them back. Throws `UnreadableDocument`. */
  hold(bytes: number): void {
    this.#held += bytes;
    if (this.#held > this.limits.heldBytes) throw tooComplex();
  }

  release(bytes: number): void {
    this.#held -= bytes;
  }

  /** Throws `UnreadableDocument` for what lies in more others than anything that people write. */
  checkDepth(depth: number): void {
    if (depth > this.limits.depth) throw nestedTooDeeply();
  }

  /** Lets others have their turn and tells that the reader lives, where much was done since it last did; else returns at once. */
  async breathe(): Promise<void> {
    if (this.#spent < this.#nextPause) return;
    this.#nextPause = this.#spent + stride;
    this.#onAlive?.();
    await pause();
    this.#look();
  }

  /** Waits for somebody else, whose time is not this file's. */
  async waitFor<T>(others: Promise<T>): Promise<T> {
    const since = this.#now();
    try {
      return await others;
    } finally {
      this.#deadline += this.#now() - since;
    }
  }

  #look(): void {
    this.#nextLook = this.#spent + stride;
    if (this.#now() > this.#deadline) throw takesTooLong();
  }
}
