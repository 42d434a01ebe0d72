import { decodedPieces } from "../../text/decode-text.ts";
import { ReadingBudget } from "../budget.ts";
import { GrowingText } from "../growing-text.ts";
import { assembleDocument, type ParsedDocument } from "../parsed-document.ts";
import type { LeaveOut } from "../reading.ts";
import { JsonReader, notJson, tokenizerOf } from "./json-reader.ts";
import { RelaxedJson } from "./relaxed-json.ts";

/** Lines of a file, piece by piece of it. */
function* linesOf(pieces: Iterable<string>): Generator<string> {
  let line = new GrowingText();
  for (const piece of pieces) {
    for (let from = 0; ; ) {
      const end = piece.indexOf("\n", from);
      line.add(piece.slice(from, end < 0 ? undefined : end));
      if (end < 0) break;
      yield line.whole;
      line = new GrowingText();
      from = end + 1;
    }
  }
  if (line.length > 0) yield line.whole;
}

/** A line that may be a value by itself: of JSON Lines, all are. */
const isValue = (line: string): boolean => {
  try {
    return typeof JSON.parse(line.replace("\x1e", "")) === "object";
  } catch {
    // No value, or one that was cut off.
    return false;
  }
};

/** By so many lines, and so much of a file, it is told from JSON that is written over several. */
const [fewLines, beginningLength] = [20, 128 * 1024];

/** Whether a file is of values that have a line each: most of its first lines are, and more than one begins as such. */
function isOfLines(bytes: Uint8Array): boolean {
  const isWhole = bytes.length <= beginningLength;
  const pieces = decodedPieces(bytes.subarray(0, beginningLength));
  const lines = [...linesOf(pieces)].slice(0, isWhole ? undefined : -1).filter((line) => line.trim() !== "");
  const first = lines.slice(0, fewLines);
  const values = first.filter(isValue).length;
  return first.length > 1 && values >= first.length / 2 && first.filter((line) => /^\s*[[{]/.test(line)).length > 1;
}

/** Reads JSON Lines; a line that is no JSON is left out. */
function readLines(bytes: Uint8Array, reader: JsonReader, budget: ReadingBudget, leaveOut: LeaveOut): void {
  let number = 0;
  for (const line of linesOf(decodedPieces(bytes))) {
    number++;
    budget.spend(line.length + 1);
    if (line.trim() === "") continue;
    if (isValue(line)) tokenizerOf(reader).write(`${line.replace("\x1e", "")}\n`);
    else leaveOut(`Line ${number}`, "It is not valid JSON, or breaks off.");
  }
}

/**
 * Reads JSON, or JSON Lines, as lines of `path: value`; comments and commas too many do no harm, and lines of JSON Lines that are damaged are left out.
 * Throws `UnreadableDocument`.
 */
export function parseJson(
  bytes: Uint8Array,
  budget = new ReadingBudget("json", bytes.length),
  leaveOut: LeaveOut = () => {},
): ParsedDocument {
  const reader = new JsonReader(budget);
  if (isOfLines(bytes)) readLines(bytes, reader, budget, leaveOut);
  else {
    const relaxed = new RelaxedJson();
    const tokenizer = tokenizerOf(reader);
    for (const piece of decodedPieces(bytes)) {
      budget.spend(piece.length);
      tokenizer.write(relaxed.relax(piece));
    }
    tokenizer.write(`${relaxed.end()}\n`);
    if (!reader.isWhole) throw notJson(bytes.length);
  }
  return assembleDocument(reader.blocks.end(), null, reader.values === 1 ? reader.blocks.said : {});
}
