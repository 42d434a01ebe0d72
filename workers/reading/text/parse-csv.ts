import { ReadingBudget } from "../budget.ts";
import { assembleDocument, type ParsedDocument } from "../parsed-document.ts";
import { csvRows } from "./csv-rows.ts";
import { TableBlocks } from "./table-blocks.ts";

/** Reads a table of separated values; the separator is found out. A cell that holds the separator keeps its quotes. */
export function parseCsv(text: string, budget = new ReadingBudget("csv", text.length)): ParsedDocument {
  const table = new TableBlocks({ page: null, section: null });
  for (const { cells, separator } of csvRows(text, budget))
    table.add(cells.map((cell) => (cell.includes(separator) ? `"${cell}"` : cell)));
  return assembleDocument(table.end(), null);
}
