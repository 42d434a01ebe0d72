import type { PDFDocumentProxy } from "unpdf/pdfjs";
import { assembleDocument, type ParsedDocument } from "../parsed-document.ts";
import type { OnProgress } from "../reading.ts";
import { UnreadableDocument } from "../unreadable-document.ts";
import { blocksOfLines } from "./pdf-blocks.ts";
import { type Line, linesOf, type TextRun } from "./pdf-lines.ts";

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
  const text = lines.map((line) => line.text).join("");
  const lost = text.match(unmapped)?.length ?? 0;
  if (/[\p{L}\p{N}]/u.test(text) && lost < text.length / 2) return;
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

/** Reads a PDF page by page. `data` is taken over by the reader. Throws `UnreadableDocument`. */
export async function parsePdf(data: Uint8Array, onProgress?: OnProgress): Promise<ParsedDocument> {
  const { getDocumentProxy } = await import("unpdf");
  try {
    const pdf = await getDocumentProxy(data, { verbosity: 0, stopAtErrors: false });
    try {
      if (pdf.numPages > maxPages) {
        throw new UnreadableDocument(
          "too_much_text",
          "This PDF has more than 10,000 pages. Split it and upload the parts.",
        );
      }
      const lines: Line[] = [];
      for (let number = 1; number <= pdf.numPages; number++) {
        const page = await pdf.getPage(number);
        const { items } = await page.getTextContent();
        lines.push(
          ...linesOf(
            items.filter((item): item is typeof item & TextRun => "str" in item),
            number,
          ),
        );
        page.cleanup();
        await onProgress?.(number / pdf.numPages);
      }
      refuseUnreadable(lines, pdf.numPages);
      return assembleDocument(blocksOfLines(lines), pdf.numPages, await propertiesOf(pdf));
    } finally {
      await pdf.loadingTask.destroy();
    }
  } catch (cause) {
    throw translate(cause);
  }
}
