import { decodedPieces, decodeText } from "../text/decode-text.ts";
import { maxTextLength, type ReadingBudget } from "./budget.ts";
import { detectLanguage } from "./detect-language.ts";
import type { DocumentKind } from "./formats.ts";
import { type ParsedDocument, tooMuchText } from "./parsed-document.ts";
import { Reading, type ReadingOptions } from "./reading.ts";
import { UnreadableDocument } from "./unreadable-document.ts";

type Reader = (bytes: Uint8Array, reading: Reading) => ParsedDocument | Promise<ParsedDocument>;

/** Text of which there is more is refused before it is held whole; what is between texts is allowed for. */
const maxLength = 1.25 * maxTextLength;

function refuseLong(bytes: Uint8Array): void {
  if (bytes.length <= maxLength) return;
  let length = 0;
  for (const piece of decodedPieces(bytes)) {
    length += piece.length;
    if (length > maxLength) throw tooMuchText();
  }
}

/** A page of which all is held at once at most. */
const longPage = 8_000_000;

function decoded(bytes: Uint8Array): string {
  const text = decodeText(bytes);
  if (text !== null) return text;
  throw new UnreadableDocument(
    "unreadable",
    "This file holds no text that can be read. Save it anew and upload it again.",
  );
}

const ofText =
  (parse: (text: string, budget: ReadingBudget) => ParsedDocument | Promise<ParsedDocument>): Reader =>
  (bytes, { budget }) => {
    refuseLong(bytes);
    return parse(decoded(bytes), budget);
  };

const ofBytes =
  (parse: (bytes: Uint8Array, budget: ReadingBudget) => ParsedDocument): Reader =>
  (bytes, { budget }) =>
    parse(bytes, budget);

/** A reader that counts what it leaves out. */
const ofReading =
  (parse: (bytes: Uint8Array, budget: ReadingBudget, reading: Reading) => ParsedDocument): Reader =>
  (bytes, reading) =>
    parse(bytes, reading.budget, reading);

/** Every reader is loaded when a document of its kind comes: few of them are needed by most requests. */
const readers: Record<DocumentKind, () => Promise<Reader>> = {
  pdf: async () => {
    const { parsePdf } = await import("./pdf/parse-pdf.ts");
    return (bytes, { budget, onProgress }) => parsePdf(bytes, budget, onProgress);
  },
  docx: async () => ofReading((await import("./word/parse-docx.ts")).parseDocx),
  doc: async () => (await import("./office-97/parse-doc.ts")).parseDoc,
  xlsx: async () => ofReading((await import("./office/parse-xlsx.ts")).parseXlsx),
  ppt: async () => (await import("./office-97/parse-ppt.ts")).parsePpt,
  pptx: async () => ofReading((await import("./office/parse-pptx.ts")).parsePptx),
  odt: async () => ofReading((await import("./open-document/parse-odf.ts")).parseOdf),
  ods: async () => ofReading((await import("./open-document/parse-odf.ts")).parseOdf),
  odp: async () => ofReading((await import("./open-document/parse-odf.ts")).parseOdf),
  xls: async () => (await import("./office-97/parse-xls.ts")).parseXls,
  rtf: async () => ofReading((await import("./rtf/parse-rtf.ts")).parseRtf),
  epub: async () => ofBytes((await import("./markup/parse-epub.ts")).parseEpub),
  eml: async () => (await import("./mail/parse-mail.ts")).parseMail,
  mbox: async () => (await import("./mail/parse-mbox.ts")).parseMbox,
  zip: async () => (await import("./archive/parse-zip.ts")).parseZip,
  png: async () => (await import("./images/parse-image.ts")).parseImage,
  jpeg: async () => (await import("./images/parse-image.ts")).parseImage,
  webp: async () => (await import("./images/parse-image.ts")).parseImage,
  xml: async () => ofBytes((await import("./markup/parse-xml.ts")).parseXml),
  json: async () => ofBytes((await import("./text/parse-json.ts")).parseJson),
  markdown: async () => ofText((await import("./text/parse-markdown.ts")).parseMarkdown),
  html: async () => {
    const { parsePage } = await import("./markup/parse-html.ts");
    return (bytes, { budget }) => parsePage(bytes.length > longPage ? decodedPieces(bytes) : [decoded(bytes)], budget);
  },
  csv: async () => ofText((await import("./text/parse-csv.ts")).parseCsv),
  text: async () => ofText((await import("./text/parse-text.ts")).parseText),
};

const readAs = async (kind: DocumentKind, bytes: Uint8Array, reading: Reading): Promise<ParsedDocument> =>
  (await readers[kind]())(bytes, reading);

/** Reads a document of a known kind. `bytes` may be taken over. Throws `UnreadableDocument`, and what `describe` throws. */
export async function parseDocument(
  kind: DocumentKind,
  bytes: Uint8Array,
  options: ReadingOptions = {},
): Promise<ParsedDocument> {
  const reading = Reading.begin(readAs, kind, bytes.length, options);
  const document = await readAs(kind, bytes, reading).catch((error) => {
    // Where nothing at all could be read, the first of the files inside says why.
    const [first] = reading.leftOut;
    if (!first || !(error instanceof UnreadableDocument) || error.code !== "empty") throw error;
    throw new UnreadableDocument("empty", `No file inside of this one could be read. ${first}`);
  });
  document.properties.language = await detectLanguage(document.text, document.properties.language);
  return { ...document, leftOut: [...reading.leftOut] };
}
