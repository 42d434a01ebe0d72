import type { ZipArchive } from "../archive/zip-archive.ts";
import { entryOf } from "../archive/zip-archive.ts";
import type { ReadingBudget } from "../budget.ts";
import { oneLine } from "../document-blocks.ts";
import { MathText } from "../markup/math-text.ts";
import { localName } from "../markup/read-xml.ts";
import { memberOf } from "../office/office-relations.ts";
import { readOfficeXml } from "../office/office-xml.ts";
import type { Block } from "../parsed-document.ts";
import { tableBlocksOf } from "../text/table-blocks.ts";

/** The cells of a chart's own table at most. */
const maxCells = 200_000;

/** Reads an object in an OpenDocument file: a chart as the blocks of its titles and values, a formula as text; null for what is neither. */
export function readOdfObject(
  archive: ZipArchive,
  href: string,
  place: Pick<Block, "page" | "section">,
  budget: ReadingBudget,
): Block[] | string | null {
  const member = memberOf("", `${href}/content.xml`);
  if (!entryOf(archive, member)) return null;
  let formula: string | null = null;
  let math: MathText | null = null;
  let [isChart, text, inParagraph, cells] = [false, "", false, 0];
  const titles: string[] = [];
  const rows: string[][] = [];
  readOfficeXml(archive, member, budget, {
    open(name, attributes) {
      if (math || localName(name) === "math") {
        math ??= new MathText();
        math.open(localName(name), attributes);
      } else if (name === "chart:chart") isChart = true;
      else if (/^chart:(?:sub)?title$/.test(name)) text = "";
      else if (name === "table:table-row") rows.push([]);
      else if (name === "table:table-cell" && cells++ < maxCells) {
        rows.at(-1)?.push("");
        text = "";
      } else if (name === "text:p") inParagraph = true;
    },
    close(name) {
      if (math) {
        formula = math.close() ?? formula;
        if (formula !== null) math = null;
      } else if (/^chart:(?:sub)?title$/.test(name)) {
        if (oneLine(text)) titles.push(oneLine(text));
      } else if (name === "table:table-cell") {
        const row = rows.at(-1);
        if (row && row.length > 0) row[row.length - 1] = oneLine(text);
      } else if (name === "text:p") {
        text += " ";
        inParagraph = false;
      }
    },
    text(data) {
      if (math) math.text(data);
      // What stands beside paragraphs describes the cell: the range that its value is from.
      else if (inParagraph) text += data;
    },
  });
  if (formula !== null) return formula;
  if (!isChart) return null;
  return tableBlocksOf([...titles.map((title) => [title]), ...rows], place);
}
