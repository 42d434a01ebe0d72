/** A format that documents are read in. */
interface DocumentFormat {
  /** What people call it. */
  name: string;
  mediaType: string;
  /** Endings of file names, the usual one first. */
  endings: readonly string[];
}

/** All formats that are read, by the `type` that the API gives documents of it. */
export const documentFormats = {
  pdf: { name: "PDF", mediaType: "application/pdf", endings: ["pdf"] },
  docx: {
    name: "Word",
    mediaType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    endings: ["docx", "docm"],
  },
  doc: { name: "Word 97 to 2003", mediaType: "application/msword", endings: ["doc", "dot"] },
  xlsx: {
    name: "Excel",
    mediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    endings: ["xlsx", "xlsm"],
  },
  xls: { name: "Excel 97 to 2003", mediaType: "application/vnd.ms-excel", endings: ["xls"] },
  pptx: {
    name: "PowerPoint",
    mediaType: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    endings: ["pptx", "pptm", "ppsx"],
  },
  ppt: { name: "PowerPoint 97 to 2003", mediaType: "application/vnd.ms-powerpoint", endings: ["ppt", "pps"] },
  odt: {
    name: "OpenDocument text",
    mediaType: "application/vnd.oasis.opendocument.text",
    endings: ["odt", "ott"],
  },
  ods: {
    name: "OpenDocument spreadsheet",
    mediaType: "application/vnd.oasis.opendocument.spreadsheet",
    endings: ["ods", "ots"],
  },
  odp: {
    name: "OpenDocument presentation",
    mediaType: "application/vnd.oasis.opendocument.presentation",
    endings: ["odp", "otp"],
  },
  rtf: { name: "Rich text", mediaType: "application/rtf", endings: ["rtf"] },
  epub: { name: "E-book", mediaType: "application/epub+zip", endings: ["epub"] },
  eml: { name: "E-mail", mediaType: "message/rfc822", endings: ["eml"] },
  mbox: { name: "Mailbox", mediaType: "application/mbox", endings: ["mbox"] },
  zip: { name: "ZIP archive", mediaType: "application/zip", endings: ["zip"] },
  markdown: { name: "Markdown", mediaType: "text/markdown", endings: ["md", "markdown"] },
  html: { name: "HTML", mediaType: "text/html", endings: ["html", "htm"] },
  csv: { name: "CSV", mediaType: "text/csv", endings: ["csv", "tsv"] },
  xml: { name: "XML", mediaType: "application/xml", endings: ["xml"] },
  json: { name: "JSON", mediaType: "application/json", endings: ["json", "jsonl", "ndjson"] },
  png: { name: "PNG picture", mediaType: "image/png", endings: ["png"] },
  jpeg: { name: "JPEG picture", mediaType: "image/jpeg", endings: ["jpg", "jpeg"] },
  webp: { name: "WebP picture", mediaType: "image/webp", endings: ["webp"] },
  text: { name: "Text", mediaType: "text/plain", endings: ["txt"] },
} as const satisfies Record<string, DocumentFormat>;

export type DocumentKind = keyof typeof documentFormats;
export const documentKinds = Object.keys(documentFormats) as [DocumentKind, ...DocumentKind[]];

/** All endings as a file chooser takes them: `.pdf,.docx,…`. */
export const acceptedEndings = Object.values<DocumentFormat>(documentFormats)
  .flatMap(({ endings }) => endings.map((ending) => `.${ending}`))
  .join(",");

/** The formats in words, for a sentence that says what to upload instead. */
export const readableFormats =
  "PDF, Word (.docx, .doc), Excel (.xlsx, .xls), PowerPoint (.pptx, .ppt), OpenDocument, rich text (.rtf), EPUB, e-mail (.eml, .mbox), CSV, XML, JSON, Markdown, HTML, plain text, a picture (.png, .jpg, .webp), or a ZIP archive of these";
