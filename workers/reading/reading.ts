import { isProblem } from "../platform/errors.ts";
import { cutText } from "../text/cut-text.ts";
import { sectionSeparator } from "../text/section-path.ts";
import { type BudgetOptions, ReadingBudget } from "./budget.ts";
import { detectType } from "./detect-type.ts";
import type { DocumentKind } from "./formats.ts";
import type { DescribeImage } from "./images/parse-image.ts";
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
  leftOut: string[];
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
  return blocks.map(({ start, end, page, section, heading }) => {
    if (last?.page !== page || last.section !== section) {
      const steps = section?.split(sectionSeparator).reverse() ?? [];
      if (page !== null) steps.push(`${slides.has(kind) ? "Slide" : "Page"} ${page}`);
      last = { page, section, path: sectionBelow([...steps, name]) };
    }
    return { text: text.slice(start, end), page: null, section: last.path, heading };
  });
}

/** One file while it is read: what its reader may use, and how it reads files that lie in it. */
export class Reading {
  readonly #shared: Shared;
  readonly #depth: number;
  readonly onProgress: OnProgress | undefined;

  private constructor(shared: Shared, depth: number, onProgress?: OnProgress) {
    this.#shared = shared;
    this.#depth = depth;
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
      leftOut: [],
    };
    return new Reading(shared, 0, onProgress);
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

  /** Files inside that could not be read, each with the reason. */
  get leftOut(): readonly string[] {
    return this.#shared.leftOut;
  }

  /** The last block of an uploaded file, which names the files inside that could not be read; none of a file inside, or where all could be. */
  notRead(): Block[] {
    const { leftOut } = this.#shared;
    if (this.#depth > 0 || leftOut.length === 0) return [];
    return [{ text: `Not read:\n${leftOut.join("\n")}`, page: null, section: "Not read" }];
  }

  leaveOut(name: string, reason: string): void {
    if (this.#shared.leftOut.length < 100) this.#shared.leftOut.push(`${name}: ${reason}`);
  }

  /**
   * The blocks of a file that lies in this one, each in a section of its name; none where it cannot be read by itself. The bytes may
   * be taken over. Throws `UnreadableDocument` where it makes the whole too much.
   */
  async blocksOf(filename: string, takeOut: () => Uint8Array): Promise<Block[]> {
    const name = fileLabel(filename);
    if (--this.#shared.filesLeft < 0) throw tooManyFiles();
    if (this.#depth >= maxDepth) {
      this.leaveOut(name, "It lies too deep in other files.");
      return [];
    }
    await this.budget.breathe();
    try {
      const bytes = takeOut();
      const { kind } = detectType(bytes, name);
      const inside = await this.#shared.read(kind, bytes, new Reading(this.#shared, this.#depth + 1));
      return blocksBelow(name, kind, inside);
    } catch (error) {
      if (!isOfOneFile(error)) throw error;
      this.leaveOut(name, error.message);
      return [];
    }
  }
}
