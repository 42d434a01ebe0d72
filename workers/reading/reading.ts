import { isProblem } from "../platform/errors.ts";
import { cutText } from "../text/cut-text.ts";
import { sectionSeparator } from "../text/section-path.ts";
import { type BudgetOptions, ReadingBudget } from "./budget.ts";
import { detectType } from "./detect-type.ts";
import { type DocumentKind, readableFormats } from "./formats.ts";
import type { DescribeImage } from "./images/parse-image.ts";
import { type LeftOut, LeftOutNotes } from "./left-out.ts";
import type { Block, ParsedDocument } from "./parsed-document.ts";
import { sectionBelow } from "./section-path.ts";
import { UnreadableDocument } from "./unreadable-document.ts";

/** Called with the share of the document that is read, 0 to 1. */
export type OnProgress = (share: number) => Promise<void>;

/** Files in files in files: an archive of messages with attached archives, and no more. */
const maxDepth = 3;
/** Files that one document may hold in all. */
const maxFiles = 1_000;
/** Pictures of one document that are read: each asks a model, and takes its time. */
const maxImages = 20;

export const tooManyFiles = () =>
  new UnreadableDocument(
    "too_much_text",
    "This file holds more than 1,000 others. Split it into several files and upload those.",
  );

type Read = (kind: DocumentKind, bytes: Uint8Array, reading: Reading) => Promise<ParsedDocument>;

/** Says that something of a file is not read, and why. */
export type LeaveOut = (name: string, reason: string) => void;

/** What a reading may use beside the file. */
export interface ReadingOptions extends BudgetOptions {
  onProgress?: OnProgress;
  /** Reads pictures, where there is something that can. */
  describe?: DescribeImage | null;
}

/** What all files of one upload share while they are read: one bound for all of them, however deep they lie. */
interface Shared {
  read: Read;
  budget: ReadingBudget;
  filesLeft: number;
  imagesLeft: number;
  describe: DescribeImage | null;
  leftOut: LeftOutNotes;
}

/** Failures that concern the whole upload: one file more of them would be one too many. */
const ofTheWhole = new Set(["expands_too_far", "too_much_text", "too_complex", "takes_too_long"]);
/** Problems that a file has by itself; others, as of a model that does not answer, may pass. */
const ofTheFile = new Set<string>(["unsupported_media_type", "validation_failed"]);

/** Whether a failure is that of one file alone, so that others beside it may be read. */
export function isOfOneFile(error: unknown): error is Error {
  if (error instanceof UnreadableDocument) return !ofTheWhole.has(error.code);
  return isProblem(error) && ofTheFile.has(error.code);
}

/** Why a file inside of another is not read, where its name stands beside it; what else could be uploaded is not the question there. */
const reasonFor = (name: string, { message }: Error) =>
  message.replaceAll(`“${name}”`, "It").replace(` Upload ${readableFormats}.`, "");

const slides = new Set<DocumentKind>(["pptx", "ppt", "odp"]);

/** One line, without what leads out of a folder or is not seen: names of files are labels here, and nothing else. */
export function fileLabel(name: string): string {
  const steps = name
    .replace(/[\p{Cc}\p{Cf}]/gu, "")
    .replace(/^[a-z]:/i, "")
    .split(/[\\/]/)
    .map((step) => step.trim());
  return cutText(steps.filter((step) => step !== "" && step !== "." && step !== "..").join("/"), 100) || "file";
}

/** `blocks` of a file inside of another as they stand in the outer one: below its name, and the page if it has any. */
function blocksBelow(name: string, kind: DocumentKind, { text, blocks }: ParsedDocument): Block[] {
  // Neighbours mostly stand in the same section.
  let last: { page: number | null; section: string | null; path: string | null } | null = null;
  return blocks.map(({ start, end, page, section, heading, table }) => {
    if (last?.page !== page || last.section !== section) {
      const steps = section?.split(sectionSeparator).reverse() ?? [];
      if (page !== null) steps.push(`${slides.has(kind) ? "Slide" : "Page"} ${page}`);
      last = { page, section, path: sectionBelow([...steps, name]) };
    }
    return { text: text.slice(start, end), page: null, section: last.path, heading, table };
  });
}

/** One file while it is read: what its reader may use, and how it reads files that lie in it. */
export class Reading {
  readonly #shared: Shared;
  /** The names of the files that this one lies in, and its own; none of an uploaded one. */
  readonly #within: string[];
  readonly onProgress: OnProgress | undefined;

  private constructor(shared: Shared, within: string[], onProgress?: OnProgress) {
    this.#shared = shared;
    this.#within = within;
    this.onProgress = onProgress;
  }

  /** The reading of an uploaded file of a kind and a size in bytes; `read` reads those inside of it. */
  static begin(read: Read, kind: DocumentKind, size: number, options: ReadingOptions): Reading {
    const { onProgress, describe = null } = options;
    const shared = {
      read,
      budget: new ReadingBudget(kind, size, options),
      filesLeft: maxFiles,
      imagesLeft: maxImages,
      describe,
      leftOut: new LeftOutNotes(),
    };
    return new Reading(shared, [], onProgress);
  }

  get budget(): ReadingBudget {
    return this.#shared.budget;
  }

  /** Reads a picture; null where nothing can. */
  get describe(): DescribeImage | null {
    return this.#shared.describe;
  }

  /** Counts a picture that is about to be read. Throws `UnreadableDocument` where there were many. */
  takeImage(): void {
    if (--this.#shared.imagesLeft >= 0) return;
    throw new UnreadableDocument("unreadable", `Only the first ${maxImages} pictures in a file are read.`);
  }

  /** What of the uploaded file is not read. */
  get leftOut(): LeftOut {
    return this.#shared.leftOut.all();
  }

  /**
   * Notes what of this file is not read, for the document's owner: one thing, such as “Page 3” or a file's name, and why, in a sentence. Those
   * of one reason are told together.
   */
  leaveOut(what: string, reason: string): void {
    this.#shared.leftOut.add(what, reason, this.#within);
  }

  /**
   * The blocks of a file that lies in this one, each in a section of its name; none where it cannot be read by itself. The bytes may
   * be taken over. Throws `UnreadableDocument` where it makes the whole too much.
   */
  async blocksOf(filename: string, takeOut: () => Uint8Array): Promise<Block[]> {
    const name = fileLabel(filename);
    if (--this.#shared.filesLeft < 0) throw tooManyFiles();
    if (this.#within.length >= maxDepth) {
      this.leaveOut(name, "It lies too deep in other files.");
      return [];
    }
    await this.budget.breathe();
    try {
      const bytes = takeOut();
      const { kind } = detectType(bytes, name);
      const inside = await this.#shared.read(kind, bytes, new Reading(this.#shared, [...this.#within, name]));
      return blocksBelow(name, kind, inside);
    } catch (error) {
      if (!isOfOneFile(error)) throw error;
      this.leaveOut(name, reasonFor(name, error));
      return [];
    }
  }
}
