import { ReadingBudget } from "../budget.ts";
import { LeftOut } from "../office/left-out.ts";
import { assembleDocument, type ParsedDocument } from "../parsed-document.ts";
import type { Reading } from "../reading.ts";
import { UnreadableDocument } from "../unreadable-document.ts";
import { RtfDocument } from "./rtf-document.ts";
import { readRtf } from "./rtf-tokens.ts";

/** Reads a rich text file, also one that is cut off, as far as it goes. Throws `UnreadableDocument`. */
export function parseRtf(
  bytes: Uint8Array,
  budget = new ReadingBudget("rtf", bytes.length),
  reading?: Pick<Reading, "leaveOut">,
): ParsedDocument {
  const leftOut = new LeftOut();
  const document = new RtfDocument(budget, leftOut);
  const isWhole = readRtf(bytes, document, budget);
  const blocks = document.end();
  if (!isWhole && blocks.length === 0)
    throw new UnreadableDocument(
      "damaged",
      "This rich text file is not complete: its end is missing. Save it anew in a word processor and upload the new file.",
    );
  if (!isWhole) leftOut.count("end");
  if (reading) leftOut.tell(reading);
  return assembleDocument(blocks, null, document.said);
}
