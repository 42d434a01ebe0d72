import { ReadingBudget } from "../budget.ts";
import { assembleDocument, type ParsedDocument } from "../parsed-document.ts";
import { UnreadableDocument } from "../unreadable-document.ts";
import { RtfDocument } from "./rtf-document.ts";
import { readRtf } from "./rtf-tokens.ts";

/** Reads a rich text file. Throws `UnreadableDocument`. */
export function parseRtf(bytes: Uint8Array, budget = new ReadingBudget("rtf", bytes.length)): ParsedDocument {
  const document = new RtfDocument(budget);
  if (!readRtf(bytes, document, budget))
    throw new UnreadableDocument(
      "damaged",
      "This rich text file is not complete: its end is missing. Save it anew in a word processor and upload the new file.",
    );
  return assembleDocument(document.end(), null, document.said);
}
