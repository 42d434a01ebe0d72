import Papa from "papaparse";
import { assembleDocument, type ParsedDocument } from "./parsed-document.ts";
import { tableBlocks } from "./table-blocks.ts";

/** Reads a table of separated values; the separator is found out. A cell that holds the separator keeps its quotes. */
export function parseCsv(text: string): ParsedDocument {
  const { data, meta } = Papa.parse<string[]>(text, { skipEmptyLines: "greedy" });
  const shown = (cell: string) => (cell.includes(meta.delimiter) ? `"${cell}"` : cell);
  const rows = data.map((cells) => cells.map(shown));
  return assembleDocument(tableBlocks(rows, { page: null, section: null }), null);
}
