import type { Problem } from "../platform/errors.ts";
import type { Chunking } from "./chunking.ts";
import type { DocumentProperties } from "./document-properties.ts";
import type { DocumentKind } from "./formats.ts";
import type { LeftOut } from "./left-out.ts";
import type { Statement } from "./statements.ts";

/** What the reader does, each with what it is told beside the bytes and what it says at the end. */
export interface ReaderTasks {
  /** Reads a file; its text with its blocks is the answer's file `text`. */
  read: { options: ReadOptions; result: ReadResult };
  /** Says what such a text is, and what it can be held against others by. */
  describe: { options: null; result: Description };
  /** Cuts such a text into chunks: the files of the answer, named by their places from `0`. */
  cut: { options: CutOptions; result: { chunks: number } };
  /** Sets a conversation as a PDF, the answer's file `pdf`. */
  print: { options: null; result: null };
  /** Reads somebody's file of conversations: each is a file of the answer, named by its place from `0`, unless there is a problem with one. */
  convert: { options: null; result: { problem: Pick<Problem, "code" | "message" | "errors"> | null } };
}

export type ReaderTask = keyof ReaderTasks;

interface ReadOptions {
  kind: DocumentKind;
  /** What a vision model says of pictures in the file, by their SHA-256; null where there is none to ask. */
  descriptions: Record<string, string> | null;
}

/** What was read; or null where pictures have to be described first, which are the answer's files then: `<SHA-256> <media type>`. */
type ReadResult = { pages: number | null; characters: number; elements: number; leftOut: number } | null;

/** What is known of a document besides its text. */
export interface Description {
  pages: number | null;
  properties: DocumentProperties;
  sketch: string | null;
  statements: Statement[];
  leftOut: LeftOut;
}

interface CutOptions {
  chunking: Chunking;
  /** Of each file of the answer, at most. */
  chunksPerPart: number;
}
