import { addressBeside } from "./link-text.ts";
import { listNumber } from "./list-number.ts";
import { RunText } from "./run-text.ts";

/** How DrawingML calls the ways in which items are numbered: the way of the number, and what stands about it. */
const ways: [beginning: string, way: string][] = [
  ["alphaLc", "lowerLetter"],
  ["alphaUc", "upperLetter"],
  ["romanLc", "lowerRoman"],
  ["romanUc", "upperRoman"],
];

function labelOf(type: string, value: number): string {
  const number = listNumber(value, ways.find(([beginning]) => type.startsWith(beginning))?.[1] ?? "decimal");
  if (type.endsWith("ParenBoth")) return `(${number})`;
  if (type.endsWith("ParenR")) return `${number})`;
  return type.endsWith("Plain") ? number : `${number}.`;
}

/** Paragraphs of text in DrawingML, with their numbers, the addresses of their links, and what stands above or below the line. */
export class DrawingText {
  #lines: string[] = [];
  #line: RunText | null = null;
  #align: "raised" | "lowered" | null = null;
  #inText = false;
  /** In a field that says the number of the slide or today's date. */
  #inPageField = false;
  #link: { from: number; address: string } | null = null;
  #isLinked = false;
  #level = 0;
  #label = "";
  /** How far each level has counted, and in which way. */
  #counts: ({ type: string; value: number } | undefined)[] = [];

  open(name: string, attributes: Record<string, string>): void {
    if (name === "a:p") {
      this.#line = new RunText();
      [this.#level, this.#label, this.#link] = [0, "", null];
    } else if (name === "a:pPr") this.#level = Math.max(0, Math.min(Number(attributes.lvl) || 0, 8));
    else if (name === "a:buAutoNum") this.#number(attributes.type ?? "", Number(attributes.startAt) || 1);
    else if (name === "a:r" || name === "a:fld") {
      [this.#align, this.#isLinked] = [null, false];
      this.#inPageField = name === "a:fld" && /^(?:slidenum|datetime)/.test(attributes.type ?? "");
    } else if (name === "a:rPr") {
      const baseline = Number.parseInt(attributes.baseline ?? "0", 10);
      this.#align = baseline > 0 ? "raised" : baseline < 0 ? "lowered" : null;
    } else if (name === "a:t") {
      this.#inText = !this.#inPageField;
      if (!this.#isLinked) this.#endLink();
    } else if (name === "a:br") this.#line?.add("\n");
    else if (name === "a:tab") this.#line?.add("\t");
  }

  close(name: string): void {
    if (name === "a:t") this.#inText = false;
    else if (name === "a:fld") this.#inPageField = false;
    else if (name === "a:p") this.#closeLine();
  }

  text(text: string): void {
    if (this.#inText) this.#line?.add(text, this.#align);
  }

  addFormula(said: string): void {
    this.#line?.add(/[\p{L}\p{N}]$/u.test(this.#line.text.slice(-2)) ? ` ${said}` : said);
  }

  /** The run that is open leads to an address. */
  link(address: string | null): void {
    if (!this.#line || !address) return;
    this.#isLinked = true;
    if (this.#link?.address === address) return;
    this.#endLink();
    this.#link = { from: this.#line.length, address };
  }

  /** The lines so far, which end with it. */
  take(): string {
    const text = this.#lines.join("\n");
    this.#lines = [];
    this.#counts = [];
    return text;
  }

  #number(type: string, start: number): void {
    const before = this.#counts[this.#level];
    const value = before?.type === type ? before.value + 1 : start;
    this.#counts.length = this.#level + 1;
    this.#counts[this.#level] = { type, value };
    this.#label = labelOf(type, value);
  }

  #endLink(): void {
    if (this.#link && this.#line) this.#line.add(addressBeside(this.#line.since(this.#link.from), this.#link.address));
    this.#link = null;
  }

  #closeLine(): void {
    this.#endLink();
    const text = this.#line?.text.replaceAll("\u00ad", "").trim();
    this.#line = null;
    if (!text) return;
    if (!this.#label) this.#counts.length = Math.min(this.#counts.length, this.#level);
    this.#lines.push(this.#label ? `${this.#label} ${text}` : text);
  }
}
