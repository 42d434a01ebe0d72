import fontUrl from "@fontsource/dejavu-sans/files/dejavu-sans-latin-400-normal.woff?inline";
import PDFDocument from "pdfkit";
import { Problem } from "../platform/errors.ts";
import { markdownBlocks } from "./takeout/markdown-blocks.ts";
import { coverageOf, unpackWoff } from "./takeout/woff.ts";
import { type WidthOf, wrapLines } from "./takeout/wrap-lines.ts";
import { type Entry, placeOf, readableTime, type Transcript } from "./transcript.ts";

type Pdf = InstanceType<typeof PDFDocument>;

const maxCharacters = 1_000_000;
const maxPages = 1_000;
const margin = 56;
const ink = "#1a1a1a";
const faint = "#666666";
const missing = "▯";

interface Font {
  bytes: Uint8Array;
  has(codePoint: number): boolean;
}

let font: Font | undefined;

function loadFont(): Font {
  const packed = Uint8Array.from(atob(fontUrl.slice(fontUrl.indexOf(",") + 1)), (c) => c.charCodeAt(0));
  const bytes = unpackWoff(packed);
  const known = new Set(
    coverageOf(bytes).flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i)),
  );
  return { bytes, has: (codePoint) => known.has(codePoint) };
}

const tooLong = () =>
  new Problem("payload_too_large", "This conversation is too long for a PDF. Export it as Markdown instead.");

// Each letter as wide as it is: pairs and ligatures would have every line laid out by the rules of the font.
const features = { kern: false, liga: false, clig: false, calt: false } as unknown as PDFKit.Mixins.OpenTypeFeatures[];

/** Writes text with the one font; what it lacks becomes a box, which the last page explains. */
class Page {
  readonly pdf: Pdf;
  readonly #font: Font;
  /** Of letters, in parts of their size. */
  readonly #widths = new Map<string, number>();
  #pages = 1;
  hasBoxes = false;

  constructor(pdf: Pdf, font: Font) {
    this.pdf = pdf;
    this.#font = font;
  }

  write(text: string, { size = 10.5, color = ink, bold = false, indent = 0, gap = 4 } = {}): void {
    const { pdf } = this;
    const x = margin + indent * 16;
    // The second weight is the first one with an outline: a second font would double what the Worker carries.
    if (bold) pdf.lineWidth(size / 30).strokeColor(color);
    pdf.fontSize(size).fillColor(color);
    const widthOf: WidthOf = (character) => this.#widthOf(character, size) * size;
    for (const paragraph of this.#shown(text).split("\n")) {
      for (const line of wrapLines(paragraph, pdf.page.width - margin - x, widthOf)) {
        const height = pdf.currentLineHeight(true);
        if (pdf.y + height > pdf.page.maxY()) this.#turn();
        const { y } = pdf;
        pdf.text(line, x, y, { lineBreak: false, fill: true, stroke: bold, features });
        pdf.y = y + height + 2;
      }
      pdf.y += gap;
    }
  }

  #turn(): void {
    if (++this.#pages > maxPages) throw tooLong();
    this.pdf.continueOnNewPage();
  }

  #widthOf(character: string, size: number): number {
    const known = this.#widths.get(character);
    if (known !== undefined) return known;
    const width = this.pdf.widthOfString(character, { features }) / size;
    this.#widths.set(character, width);
    return width;
  }

  #shown(text: string): string {
    const clean = text.toWellFormed().replace(/\r\n?/g, "\n").replaceAll("\t", "    ");
    let shown = "";
    for (const character of clean) {
      const isLine = character === "\n";
      if (isLine || this.#font.has(character.codePointAt(0) ?? 0)) shown += character;
      // Joiners, variation selectors and control characters show nothing by themselves.
      else if (!/[\p{M}\p{C}]/u.test(character)) {
        shown += missing;
        this.hasBoxes = true;
      }
    }
    return shown;
  }
}

function writeEntry(page: Page, { role, name, at, text, note, sources }: Entry): void {
  page.pdf.moveDown(0.8);
  page.write(`${name}  ·  ${readableTime(at)}`, { size: 9.5, color: faint, bold: true });
  if (role === "user") page.write(text);
  else {
    for (const { kind, indent, text: words } of markdownBlocks(text)) {
      if (kind === "heading") page.write(words, { size: 12, bold: true, indent });
      else page.write(words, { indent, ...(kind === "code" ? { size: 9, color: "#333333" } : {}) });
    }
  }
  if (note) page.write(note, { size: 9, color: faint });
  if (sources.length === 0) return;
  page.write("Sources", { size: 9, color: faint, bold: true, gap: 2 });
  for (const source of sources) {
    const quote = source.quote.replace(/\s+/g, " ");
    page.write(`${source.index}. ${placeOf(source)}: “${quote}”`, { size: 9, color: faint, indent: 1, gap: 2 });
  }
}

function numberPages(pdf: Pdf): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let i = start; i < start + count; i++) {
    pdf.switchToPage(i);
    // Below the margin, where text would otherwise begin a new page.
    const { bottom } = pdf.page.margins;
    pdf.page.margins.bottom = 0;
    const place = { width: pdf.page.width - 2 * margin, align: "center" as const, lineBreak: false };
    pdf
      .fontSize(8)
      .fillColor(faint)
      .text(`${i + 1} / ${count}`, margin, pdf.page.height - 36, place);
    pdf.page.margins.bottom = bottom;
  }
}

/** A conversation as a PDF in A4, with numbered pages. Throws `payload_too_large` beyond a million characters or a thousand pages. */
export async function writePdf({ title, createdAt, model, entries }: Transcript): Promise<Uint8Array<ArrayBuffer>> {
  const length = entries.reduce((sum, { text, sources }) => sum + text.length + sources.length * 500, 0);
  if (length > maxCharacters) throw tooLong();
  font ??= loadFont();
  const info = { Title: title, Creator: "Understudy", CreationDate: new Date(createdAt) };
  // Every word ever set would stay in the setter's cache.
  const options = {
    ...{ size: "A4", margin, bufferPages: true, info, fontLayoutCache: false },
    font: font.bytes as unknown as string,
  };
  const pdf = new PDFDocument(options);
  const parts: Uint8Array[] = [];
  const ended = new Promise<void>((resolve, reject) => pdf.on("end", resolve).on("error", reject));
  pdf.on("data", (part: Uint8Array) => parts.push(part));
  const page = new Page(pdf, font);
  page.write(title, { size: 18, bold: true });
  const about = [readableTime(createdAt), model && `answered by ${model}`].filter(Boolean).join("  ·  ");
  page.write(about, { size: 9.5, color: faint });
  for (const entry of entries) writeEntry(page, entry);
  if (page.hasBoxes) {
    pdf.moveDown(1);
    page.write(
      `${missing} stands for a character that this PDF has no letter for. The exports as Markdown and JSON have them all.`,
      {
        size: 9,
        color: faint,
      },
    );
  }
  numberPages(pdf);
  pdf.end();
  await ended;
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}
