import type { PDFDocumentProxy, PDFPageProxy } from "unpdf/pdfjs";
import { maxTextLength, ReadingBudget } from "../budget.ts";
import { assembleDocument, type ParsedDocument, tooMuchText } from "../parsed-document.ts";
import type { OnProgress } from "../reading.ts";
import { UnreadableDocument } from "../unreadable-document.ts";
import { CMapSource } from "./cmap-source.ts";
import { blocksOfLines } from "./pdf-blocks.ts";
import { boundKept, pageIsRead, withinBounds } from "./pdf-bounds.ts";
import { type Line, PageLines } from "./pdf-lines.ts";

type TextContent = Awaited<ReturnType<PDFPageProxy["getTextContent"]>>;

const maxPages = 10_000;
const unmapped = /[\p{Co}\ufffd]/gu;

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

function refuseUnreadable(lines: Line[], pages: number): void {
  let [length, lost, isWritten] = [0, 0, false];
  for (const { text } of lines) {
    length += text.length;
    lost += text.match(unmapped)?.length ?? 0;
    isWritten ||= /[\p{L}\p{N}]/u.test(text);
  }
  if (isWritten && lost < length / 2) return;
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

/** The lines of all pages. They are made while the text of a page comes: none is held whole as the library would. */
async function linesOf(pdf: PDFDocumentProxy, budget: ReadingBudget, onProgress?: OnProgress): Promise<Line[]> {
  const lines: Line[] = [];
  let length = 0;
  const take = (line: Line | null) => {
    if (!line) return;
    boundKept();
    length += line.text.length;
    if (length > maxTextLength) throw tooMuchText();
    lines.push(line);
  };
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = await pdf.getPage(number);
    const open = new PageLines(number);
    for await (const { items } of page.streamTextContent() as AsyncIterable<TextContent>)
      for (const item of items) if ("str" in item) take(open.add(item));
    take(open.end());
    page.cleanup();
    pageIsRead();
    await budget.breathe();
    await onProgress?.(number / pdf.numPages);
  }
  return lines;
}

async function read(data: Uint8Array, budget: ReadingBudget, onProgress?: OnProgress): Promise<ParsedDocument> {
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
    const lines = await linesOf(pdf, budget, onProgress);
    refuseUnreadable(lines, pdf.numPages);
    return assembleDocument(blocksOfLines(lines), pdf.numPages, await propertiesOf(pdf));
  } finally {
    await task.destroy();
  }
}

/** Reads a PDF page by page. `data` is taken over by the reader. Throws `UnreadableDocument`. */
export async function parsePdf(
  data: Uint8Array,
  budget = new ReadingBudget("pdf", data.length),
  onProgress?: OnProgress,
): Promise<ParsedDocument> {
  try {
    return await withinBounds(budget, () => read(data, budget, onProgress));
  } catch (cause) {
    throw translate(cause);
  }
}
