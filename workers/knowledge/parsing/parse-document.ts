import type { DocumentKind } from "../formats.ts";
import { decodeText } from "./decode-text.ts";
import { detectLanguage } from "./detect-language.ts";
import type { ParsedDocument } from "./parsed-document.ts";
import { UnreadableDocument } from "./unreadable-document.ts";

/** Called with the share of the document that is read, 0 to 1. */
export type OnProgress = (share: number) => Promise<void>;

type Reader = (bytes: Uint8Array, onProgress?: OnProgress) => ParsedDocument | Promise<ParsedDocument>;

function decoded(bytes: Uint8Array): string {
  const text = decodeText(bytes);
  if (text !== null) return text;
  throw new UnreadableDocument(
    "unreadable",
    "This file holds no text that can be read. Save it anew and upload it again.",
  );
}

/** Every reader is loaded when a document of its kind comes: few of them are needed by most requests. */
const readers: Record<DocumentKind, () => Promise<Reader>> = {
  pdf: async () => (await import("./parse-pdf.ts")).parsePdf,
  docx: async () => (await import("./parse-docx.ts")).parseDocx,
  xlsx: async () => (await import("./parse-xlsx.ts")).parseXlsx,
  pptx: async () => (await import("./parse-pptx.ts")).parsePptx,
  odt: async () => (await import("./parse-odf.ts")).parseOdf,
  ods: async () => (await import("./parse-odf.ts")).parseOdf,
  odp: async () => (await import("./parse-odf.ts")).parseOdf,
  rtf: async () => (await import("./parse-rtf.ts")).parseRtf,
  epub: async () => (await import("./parse-epub.ts")).parseEpub,
  markdown: async () => ofText((await import("./parse-markdown.ts")).parseMarkdown),
  html: async () => ofText((await import("./parse-html.ts")).parseHtml),
  csv: async () => ofText((await import("./parse-csv.ts")).parseCsv),
  text: async () => ofText((await import("./parse-text.ts")).parseText),
};

const ofText =
  (parse: (text: string) => ParsedDocument | Promise<ParsedDocument>): Reader =>
  (bytes) =>
    parse(decoded(bytes));

/** Reads a document of a known kind. `bytes` may be taken over. Throws `UnreadableDocument`. */
export async function parseDocument(
  kind: DocumentKind,
  bytes: Uint8Array,
  onProgress?: OnProgress,
): Promise<ParsedDocument> {
  const read = await readers[kind]();
  const document = await read(bytes, onProgress);
  document.properties.language = await detectLanguage(document.text, document.properties.language);
  return document;
}
