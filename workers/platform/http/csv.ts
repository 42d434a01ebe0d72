import Papa from "papaparse";

/** Spreadsheets take a cell that begins so for a formula, also where the sign is a full-width one. */
const formula = /^[\s]*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

/** What goes with a file that is fetched once and kept by nobody on its way. */
export const fileHeaders = (name: string, type = "text/csv; charset=utf-8") => ({
  "Content-Type": type,
  "Content-Disposition": `attachment; filename="${name}"`,
  "Cache-Control": "no-store",
});

/** Lines of CSV; a text that a spreadsheet would run stands behind an apostrophe. */
export const toCsv = (rows: unknown[][]) => Papa.unparse(rows, { escapeFormulae: formula, newline: "\r\n" });
