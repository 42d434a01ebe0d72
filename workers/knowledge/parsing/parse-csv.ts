import Papa from "papaparse";
import { assembleDocument, type ParsedDocument } from "./parsed-document.ts";
import { TableBlocks } from "./table-blocks.ts";

/** Reads a table of separated values; the separator is found out. A cell that holds the separator keeps its quotes. */
export function parseCsv(text: string): ParsedDocument {
  const { data, meta } = Papa.parse<string[]>(text, { skipEmptyLines: "greedy" });
  const table = new TableBlocks({ page: null, section: null });
  for (const cells of data) table.add(cells.map((cell) => (cell.includes(meta.delimiter) ? `"${cell}"` : cell)));
  return assembleDocument(table.end(), null);
}
