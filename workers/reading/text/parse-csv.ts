import Papa from "papaparse";
import { assembleDocument, type ParsedDocument } from "../parsed-document.ts";
import { TableBlocks } from "./table-blocks.ts";

/** Reads a table of separated values; the separator is found out. A cell that holds the separator keeps its quotes. */
export function parseCsv(text: string): ParsedDocument {
  const table = new TableBlocks({ page: null, section: null });
  Papa.parse<string[]>(text, {
    skipEmptyLines: "greedy",
    step({ data, meta }) {
      table.add(data.map((cell) => (cell.includes(meta.delimiter) ? `"${cell}"` : cell)));
    },
  });
  return assembleDocument(table.end(), null);
}
