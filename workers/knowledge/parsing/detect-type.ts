import { Problem } from "../../platform/errors.ts";
import type { DocumentKind } from "../contract.ts";
import { decodeText } from "./decode-text.ts";
import { openZip } from "./zip-archive.ts";

export interface DetectedType {
  kind: DocumentKind;
  mediaType: string;
}

const mediaTypes: Record<DocumentKind, string> = {
  pdf: "application/pdf",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  html: "text/html",
  markdown: "text/markdown",
  text: "text/plain",
};

const supported = "Upload a PDF, a Word document (.docx), Markdown, HTML or plain text.";

/** What files of other kinds begin with, as hexadecimal. */
const foreign: [prefix: string, name: string][] = [
  ["d0cf11e0", "an old Office file (.doc, .xls or .ppt)"],
  ["89504e47", "a PNG picture"],
  ["ffd8ff", "a JPEG picture"],
  ["47494638", "a GIF picture"],
  ["52494646", "a media file"],
  ["25215053", "a PostScript file"],
  ["7b5c727466", "a rich text file (.rtf)"],
  ["1f8b", "a gzip archive"],
  ["377abcaf", "a 7z archive"],
  ["52617221", "a RAR archive"],
  ["7f454c46", "a program"],
  ["4d5a", "a program"],
  ["49443303", "an audio file"],
  ["000001ba", "a video"],
];

function refuse(filename: string, what: string): Problem {
  return new Problem(
    "unsupported_media_type",
    `“${filename}” looks like ${what}, which cannot be read yet. ${supported}`,
  );
}

function zipKind(bytes: Uint8Array, filename: string): DocumentKind {
  const archive = openZip(bytes);
  const names = [...(archive?.entries.keys() ?? [])];
  const has = (prefix: string) => names.some((name) => name.startsWith(prefix));
  if (!archive)
    throw new Problem("validation_failed", `“${filename}” is damaged or cut off. Save it anew and upload it again.`);
  if (has("word/document.xml")) return "docx";
  if (has("xl/")) throw refuse(filename, "an Excel workbook");
  if (has("ppt/")) throw refuse(filename, "a PowerPoint presentation");
  if (has("mimetype")) throw refuse(filename, "an OpenDocument or EPUB file");
  throw refuse(filename, "a ZIP archive");
}

function startsWithPdf(bytes: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(bytes.subarray(0, 1_024)).includes("%PDF-");
}

function textKind(text: string, filename: string): DocumentKind {
  const head = text.slice(0, 4_096).trimStart();
  if (/^(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype html|html|head|body)\b/i.test(head)) return "html";
  if (/\.html?$/i.test(filename) && /<(?:p|div|h[1-6]|table|ul|ol|article|section|span|br)\b/i.test(text))
    return "html";
  return /\.(?:md|markdown)$/i.test(filename) ? "markdown" : "text";
}

/** What a file is, by its bytes; the name only tells Markdown from plain text. Throws `unsupported_media_type` or `validation_failed`. */
export function detectType(bytes: Uint8Array, filename: string): DetectedType {
  if (bytes.length === 0) {
    throw new Problem("validation_failed", `“${filename}” is empty. Upload a file that has something in it.`);
  }
  const kind = kindOf(bytes, filename);
  return { kind, mediaType: mediaTypes[kind] };
}

function kindOf(bytes: Uint8Array, filename: string): DocumentKind {
  if (startsWithPdf(bytes)) return "pdf";
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return zipKind(bytes, filename);
  const start = [...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const known = foreign.find(([prefix]) => start.startsWith(prefix));
  if (known) throw refuse(filename, known[1]);
  const text = decodeText(bytes);
  if (text === null) throw refuse(filename, "a binary file");
  return textKind(text, filename);
}
