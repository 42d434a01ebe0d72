import type { PDFDocumentProxy, PDFPageProxy } from "unpdf/pdfjs";
import { maxTextLength } from "../budget.ts";
import { assembleDocument, type ParsedDocument, tooMuchText } from "../parsed-document.ts";
import type { Reading } from "../reading.ts";
import { UnreadableDocument } from "../unreadable-document.ts";
import { type AttachedFile, attachedTo, filesOf } from "./attached-files.ts";
import { CMapSource, cmaps } from "./cmap-source.ts";
import { annotationsOf } from "./page-annotations.ts";
import { takeDrawing } from "./page-drawing.ts";
import { type Line, layOut } from "./page-layout.ts";
import { PageText } from "./page-text.ts";
import { blocksOfLines } from "./pdf-blocks.ts";
import { boundKept, pageIsRead, withinBounds } from "./pdf-bounds.ts";
import { xfaLines } from "./xfa-lines.ts";

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

const scanned =
  "No text, only a picture, as from a scanner. Run text recognition (OCR) over the file and upload the result.";
const drawn =
  "No text, only curves that may be drawn text. Run text recognition (OCR) over the file and upload the result.";
const garbled = "Some characters do not say which they are: they may be wrong or missing in what was read.";

/** Why a page cannot be read, or not all of it; null where it can. `lost` are its characters without meaning. */
function faultOf({ view }: PDFPageProxy, lines: Line[], lost: number): string | null {
  const { pictured, curves } = takeDrawing();
  const [left = 0, bottom = 0, right = 0, top = 0] = view;
  const share = pictured / Math.abs((right - left) * (top - bottom));
  const letters = lines.reduce((sum, { text }) => sum + (text.match(/[\p{L}\p{N}]/gu)?.length ?? 0), 0);
  if ((letters === 0 && pictured > 0) || (letters < fewLetters && share >= mostOfPage)) return scanned;
  if (letters === 0 && curves >= manyCurves) return drawn;
  return lost > 2 && lost > letters / 50 ? garbled : null;
}

/** What a PDF was found to hold. */
interface Found {
  lines: Line[];
  /** Why pages cannot be read, or not all of them, by their numbers. */
  faults: Map<number, string>;
  hasFields: boolean;
  /** Files that lie in it. */
  files: AttachedFile[];
}

/** Takes what is on a page. `room` is how many characters may still come. Returns how many came. */
async function takePage(
  page: PDFPageProxy,
  attached: Map<string, string>,
  found: Found,
  room: number,
): Promise<number> {
  const annotations = await annotationsOf(page);
  found.hasFields ||= annotations.hasFields;
  for (const [id, name] of annotations.files) attached.set(id, name);
  const open = new PageText(annotations);
  takeDrawing();
  let [lost, length] = [0, 0];
  for await (const { items } of page.streamTextContent() as AsyncIterable<TextContent>)
    for (const item of items) {
      if (!("str" in item)) continue;
      lost += item.str.match(meaningless)?.length ?? 0;
      length += item.str.length;
      if (length > room) throw tooMuchText();
      open.add(item);
    }
  const lines = layOut(open.end(), page.pageNumber);
  const fault = faultOf(page, lines, lost);
  if (fault) found.faults.set(page.pageNumber, fault);
  for (const line of [...lines, ...annotations.notes.map((note) => noteLine(note, page.pageNumber))]) {
    boundKept();
    found.lines.push(line);
  }
  return length;
}

/** What a PDF's pages hold. They are read one by one: no more is held of pdf.js's own. */
async function pagesOf(pdf: PDFDocumentProxy, { budget, onProgress }: Reading): Promise<Found> {
  const found: Found = { lines: [], faults: new Map(), hasFields: pdf.isPureXfa, files: [] };
  const attached = await attachedTo(pdf);
  let room = maxTextLength;
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = await pdf.getPage(number);
    if (pdf.isPureXfa) for (const line of await xfaLines(page)) found.lines.push(line);
    else room -= await takePage(page, attached, found, room);
    page.cleanup();
    pageIsRead();
    await budget.breathe();
    await onProgress?.(number / pdf.numPages);
  }
  found.files = await filesOf(pdf, attached);
  return found;
}

const noteLine = (text: string, page: number): Line => ({
  ...{ text: text.replace(/\s+/g, " "), page, isAside: true },
  ...{ x: 0, y: 0, right: 0, size: 10, font: "note", angle: 0 },
});

/** Reads a PDF with pdf.js: what its pages hold, how many there are, and what it says of itself. */
async function read(data: Uint8Array, reading: Reading) {
  const { getDocument } = await import("./bounded-pdfjs.mjs");
  const task = getDocument({
    data,
    useSystemFonts: true,
    useWorkerFetch: false,
    enableXfa: true,
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
    const found = await pagesOf(pdf, reading);
    if (found.files.length === 0) refuseUnreadable(found, pdf.numPages);
    return { found, pages: pdf.numPages, properties: await propertiesOf(pdf) };
  } finally {
    cmaps.clear();
    await task.destroy();
  }
}

/** Reads a PDF page by page, and the files that lie in it. `data` is taken over by the reader. Throws `UnreadableDocument`. */
export async function parsePdf(data: Uint8Array, reading: Reading): Promise<ParsedDocument> {
  const { found, pages, properties } = await withinBounds(reading.budget, () => read(data, reading)).catch((cause) => {
    throw translate(cause);
  });
  for (const [number, fault] of found.faults) reading.leaveOut(`Page ${number}`, fault);
  const blocks = blocksOfLines(found.lines);
  // They may be PDFs, of which one is read at a time.
  for (const { name, bytes } of found.files)
    for (const block of await reading.blocksOf(name, () => bytes)) blocks.push(block);
  return assembleDocument(blocks, pages, properties);
}
