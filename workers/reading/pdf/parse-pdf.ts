import type { PDFDocumentProxy, PDFPageProxy } from "unpdf/pdfjs";
import { maxTextLength } from "../budget.ts";
import { assembleDocument, type ParsedDocument, tooMuchText } from "../parsed-document.ts";
import type { Reading } from "../reading.ts";
import { UnreadableDocument } from "../unreadable-document.ts";
import { CMapSource } from "./cmap-source.ts";
import { annotationsOf } from "./page-annotations.ts";
import { takeDrawing } from "./page-drawing.ts";
import { type Line, layOut } from "./page-layout.ts";
import { PageText } from "./page-text.ts";
import { blocksOfLines } from "./pdf-blocks.ts";
import { boundKept, pageIsRead, withinBounds } from "./pdf-bounds.ts";

type TextContent = Awaited<ReturnType<PDFPageProxy["getTextContent"]>>;

const maxPages = 10_000;
const unmapped = /[\p{Co}\ufffd]/gu;
/** Characters that a font has only a number for, as pdf.js gives them; the expert glyphs of fonts for print have meaning all the same. */
const meaningless = /(?!\s)[\p{Cc}\ufffd\ue000-\uefff\uf100-\uf6ff]/gu;

/** pdf.js names its failures; they cross no class boundary, so the name is what tells them apart. */
function translate(cause: unknown): unknown {
  const name = cause instanceof Error ? cause.name : "";
  if (name === "PasswordException") {
    return new UnreadableDocument(
      "encrypted",
      "This PDF is protected by a password. Remove the password and upload it again.",
      cause,
    );
  }
  if (cause instanceof UnreadableDocument) return cause;
  return new UnreadableDocument(
    "damaged",
    "This PDF is damaged or not complete. Open it in a PDF reader, save it anew, and upload the new file.",
    cause,
  );
}

function refuseUnreadable({ lines, hasFields }: Found, pages: number): void {
  let [length, lost, isWritten] = [0, 0, false];
  for (const { text } of lines) {
    length += text.length;
    lost += text.match(unmapped)?.length ?? 0;
    isWritten ||= /[\p{L}\p{N}]/u.test(text);
  }
  if (isWritten && lost < length / 2) return;
  if (hasFields && !isWritten)
    throw new UnreadableDocument(
      "no_text_layer",
      "This PDF is a form whose fields are empty, and has no other text that can be read. Fill it in, save it, and upload it again.",
    );
  throw new UnreadableDocument(
    "no_text_layer",
    `This PDF has no text that can be read: its ${pages === 1 ? "page is a picture" : `${pages} pages are pictures`}, as from a scanner. Run text recognition (OCR) over it and upload the result.`,
  );
}

/** What the PDF says of itself. Damaged information is as good as none: the text is what counts. */
async function propertiesOf(pdf: PDFDocumentProxy) {
  const { info } = await pdf.getMetadata().catch(() => ({ info: {} }));
  const said = (name: string) => {
    const value = (info as Record<string, unknown>)[name];
    return typeof value === "string" ? value : null;
  };
  return {
    title: said("Title"),
    author: said("Author"),
    date: said("CreationDate") ?? said("ModDate"),
    language: said("Language"),
  };
}

/** A picture that covers so much of a page may be the page, and a page of so few letters is not one of text. */
const mostOfPage = 0.5;
const fewLetters = 60;
/** What is drawn of so many curves may be text. */
const manyCurves = 300;

/** What a PDF was found to hold, page by page. */
interface Found {
  lines: Line[];
  /** Pages that are pictures, and such whose text is drawn as curves or has characters without meaning. */
  pictured: number[];
  drawn: number[];
  garbled: number[];
  hasFields: boolean;
}

/** Takes note of what of a page cannot be read. `lost` are its characters without meaning. */
function judgePage({ pageNumber: number, view }: PDFPageProxy, lines: Line[], lost: number, found: Found): void {
  const { pictured, curves } = takeDrawing();
  const [left = 0, bottom = 0, right = 0, top = 0] = view;
  const share = pictured / Math.abs((right - left) * (top - bottom));
  const letters = lines.reduce((sum, { text }) => sum + (text.match(/[\p{L}\p{N}]/gu)?.length ?? 0), 0);
  if ((letters === 0 && pictured > 0) || (letters < fewLetters && share >= mostOfPage)) found.pictured.push(number);
  else if (letters === 0 && curves >= manyCurves) found.drawn.push(number);
  if (lost > 2 && lost > letters / 50) found.garbled.push(number);
}

/** The lines of all pages. They are made page by page: no more is held of pdf.js's own. */
async function linesOf(pdf: PDFDocumentProxy, { budget, onProgress }: Reading): Promise<Found> {
  const found: Found = { lines: [], pictured: [], drawn: [], garbled: [], hasFields: false };
  let length = 0;
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = await pdf.getPage(number);
    const annotations = await annotationsOf(page);
    found.hasFields ||= annotations.hasFields;
    const open = new PageText(annotations);
    takeDrawing();
    let lost = 0;
    for await (const { items } of page.streamTextContent() as AsyncIterable<TextContent>)
      for (const item of items) {
        if (!("str" in item)) continue;
        lost += item.str.match(meaningless)?.length ?? 0;
        length += item.str.length;
        if (length > maxTextLength) throw tooMuchText();
        open.add(item);
      }
    const lines = layOut(open.end(), number);
    judgePage(page, lines, lost, found);
    for (const line of [...lines, ...annotations.notes.map((note) => noteLine(note, number))]) {
      boundKept();
      found.lines.push(line);
    }
    page.cleanup();
    pageIsRead();
    await budget.breathe();
    await onProgress?.(number / pdf.numPages);
  }
  return found;
}

const noteLine = (text: string, page: number): Line => ({
  ...{ text: text.replace(/\s+/g, " "), page, isAside: true },
  ...{ x: 0, y: 0, right: 0, size: 10, font: "note", angle: 0 },
});

/** Pages as people name them: “Page 3”, “Pages 2–4, 7”. */
function pagesNamed(numbers: number[]): string {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  const named = runs.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`));
  return `${numbers.length === 1 ? "Page" : "Pages"} ${named.slice(0, 50).join(", ")}${named.length > 50 ? " …" : ""}`;
}

/** Says which pages were not read, and why. */
function leaveOutPages({ pictured, drawn, garbled }: Found, reading: Reading): void {
  const leaveOut = (pages: number[], one: string, many: string) => {
    if (pages.length > 0) reading.leaveOut(pagesNamed(pages), pages.length === 1 ? one : many);
  };
  const scan =
    "as from a scanner, whose text was not read. Run text recognition (OCR) over the file and upload the result.";
  leaveOut(pictured, `It is a picture, ${scan}`, `They are pictures, ${scan}`);
  const curves =
    "drawn as curves and not written as text. Run text recognition (OCR) over the file and upload the result.";
  leaveOut(drawn, `What stands on it is ${curves}`, `What stands on them is ${curves}`);
  const codes = "without saying which they are: they may be wrong or missing in what was read.";
  leaveOut(garbled, `It has characters ${codes}`, `They have characters ${codes}`);
}

async function read(data: Uint8Array, reading: Reading): Promise<ParsedDocument> {
  const { getDocument } = await import("./bounded-pdfjs.mjs");
  const task = getDocument({
    data,
    useSystemFonts: true,
    useWorkerFetch: false,
    BinaryDataFactory: CMapSource,
    verbosity: 0,
    stopAtErrors: false,
  });
  try {
    const pdf = await task.promise;
    if (pdf.numPages > maxPages) {
      throw new UnreadableDocument(
        "too_much_text",
        "This PDF has more than 10,000 pages. Split it and upload the parts.",
      );
    }
    const found = await linesOf(pdf, reading);
    refuseUnreadable(found, pdf.numPages);
    leaveOutPages(found, reading);
    const blocks = blocksOfLines(found.lines);
    return assembleDocument(blocks, pdf.numPages, await propertiesOf(pdf));
  } finally {
    await task.destroy();
  }
}

/** Reads a PDF page by page. `data` is taken over by the reader. Throws `UnreadableDocument`. */
export async function parsePdf(data: Uint8Array, reading: Reading): Promise<ParsedDocument> {
  try {
    return await withinBounds(reading.budget, () => read(data, reading));
  } catch (cause) {
    throw translate(cause);
  }
}
