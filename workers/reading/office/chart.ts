import type { ZipArchive } from "../archive/zip-archive.ts";
import type { ReadingBudget } from "../budget.ts";
import { oneLine } from "../document-blocks.ts";
import { localName, type XmlReader } from "../markup/read-xml.ts";
import type { Block } from "../parsed-document.ts";
import { tableBlocksOf } from "../text/table-blocks.ts";
import { CellFormats } from "./cell-format.ts";
import { readOfficeXml } from "./office-xml.ts";

interface Series {
  name: string[];
  categories: string[];
  values: string[];
}

/** Points of a series at most. */
const maxPoints = 20_000;
/** The elements whose points are names, categories and values of a series. */
const lists: Record<string, keyof Series> = {
  tx: "name",
  cat: "categories",
  xVal: "categories",
  val: "values",
  yVal: "values",
};

/** Reads a chart from what it remembers of its data, so that no workbook has to be opened. */
class ChartReader implements XmlReader {
  readonly series: Series[] = [];
  /** The titles of the chart and its axes, in order. */
  readonly titles: string[] = [];
  readonly #formats: CellFormats;
  readonly #open: string[] = [];
  #series: Series | null = null;
  #list: keyof Series | null = null;
  #point = 0;
  #format = "";
  #text = "";

  constructor(budget: ReadingBudget) {
    this.#formats = new CellFormats(budget);
  }

  open(qualified: string, { idx, formatCode }: Record<string, string>): void {
    const name = localName(qualified);
    this.#open.push(name);
    if (name === "ser") {
      this.#series = { name: [], categories: [], values: [] };
      this.series.push(this.#series);
    } else if (this.#series && lists[name] && this.#open.at(-2) === "ser") this.#list = lists[name] ?? null;
    else if (name === "pt") {
      this.#point = Math.max(0, Math.min(Number(idx) || 0, maxPoints));
      if (formatCode) this.#format = formatCode;
    } else if (name === "numCache" || name === "numLit") this.#format = "";
    if (name === "title" || name === "v" || name === "formatCode") this.#text = "";
  }

  close(qualified: string): void {
    const name = localName(qualified);
    this.#open.pop();
    if (name === "ser") this.#series = null;
    else if (name === "formatCode") this.#format = this.#text;
    else if (name === "v" && this.#series && this.#list) this.#put(this.#series[this.#list]);
    else if (this.#list && lists[name] === this.#list) this.#list = null;
    else if (name === "p" && this.#open.includes("title")) this.#text += " ";
    else if (name === "title" && oneLine(this.#text)) this.titles.push(oneLine(this.#text));
  }

  text(text: string): void {
    const name = this.#open.at(-1);
    if (name === "t" || name === "v" || name === "formatCode") this.#text += text;
  }

  #put(points: string[]): void {
    while (points.length < this.#point) points.push("");
    const value = oneLine(this.#text);
    const number = Number(value);
    const isShown = this.#format !== "" && this.#format !== "General" && value !== "" && !Number.isNaN(number);
    points[this.#point] = isShown ? this.#formats.showAs(number, this.#format) : value;
    this.#point++;
  }
}

/** The rows of a chart: a head of its series, then a category each. */
export function chartRows(series: readonly Series[]): string[][] {
  const categories = series.map((each) => each.categories).find((each) => each.length > 0) ?? [];
  const length = Math.max(categories.length, ...series.map(({ values }) => values.length));
  const rows = [["", ...series.map(({ name }) => name.join(" "))]];
  for (let i = 0; i < length; i++) rows.push([categories[i] ?? "", ...series.map(({ values }) => values[i] ?? "")]);
  return rows;
}

/** The blocks of a chart in an Office document: its titles, then its values as a table. */
export function chartBlocks(
  archive: ZipArchive,
  member: string,
  place: Pick<Block, "page" | "section">,
  budget: ReadingBudget,
): Block[] {
  const chart = new ChartReader(budget);
  readOfficeXml(archive, member, budget, chart);
  const series = chart.series.slice(0, 1_000);
  const rows = chartRows(series);
  budget.spend(rows.length * (series.length + 1));
  const [title = ""] = chart.titles;
  const titles = chart.titles.join("\n");
  if (series.length === 0) return titles ? [{ ...place, text: titles }] : [];
  const named = rows.slice(0, 1).some((row) => row.some(Boolean)) ? rows : rows.slice(1);
  const above = chart.titles.map((each) => [each]);
  return tableBlocksOf([...(title ? above : []), ...named], place);
}

/** The texts of a diagram (SmartArt), a line each. */
export function diagramText(archive: ZipArchive, member: string, budget: ReadingBudget): string {
  const lines: string[] = [];
  let [line, inText] = ["", false];
  readOfficeXml(archive, member, budget, {
    open(qualified) {
      const name = localName(qualified);
      if (name === "p") line = "";
      inText = name === "t" && qualified === "a:t";
    },
    close(qualified) {
      inText = false;
      if (qualified === "a:p" && line.trim()) lines.push(oneLine(line));
    },
    text(text) {
      if (inText) line += text;
    },
  });
  return lines.join("\n");
}
