import { Problem } from "../../platform/errors.ts";
import { openZip, readShortMember } from "../archive/zip-archive.ts";
import { type DocumentKind, documentFormats, readableFormats } from "../formats.ts";
import { type ImageKind, imageKind, imageSize } from "../images/image-size.ts";
import { CompoundFile, isCompound } from "../office-97/compound-file.ts";
import { decodeText } from "../text/decode-text.ts";
import { UnreadableDocument } from "../unreadable-document.ts";
import { mailKind } from "./detect-mail.ts";
import { foreignBinary, foreignCompound, foreignText, foreignZip } from "./foreign-types.ts";

export interface DetectedType {
  kind: DocumentKind;
  mediaType: string;
}

/** So much of a file decides; decoding 50 MB would cost as much memory again. */
const sampleBytes = 512 * 1024;

function refuse(filename: string, what: string): Problem {
  return new Problem(
    "unsupported_media_type",
    `“${filename}” looks like ${what}, which cannot be read yet. Upload ${readableFormats}.`,
  );
}

const damaged = (filename: string) =>
  new Problem("validation_failed", `“${filename}” is damaged or cut off. Save it anew and upload it again.`);

/** The part that makes an archive an Office document, by what it is then. */
const officeParts: [part: RegExp, kind: DocumentKind][] = [
  [/^word\/document\d*\.xml$/, "docx"],
  [/^xl\/workbook\d*\.xml$/, "xlsx"],
  [/^ppt\/presentation\.xml$/, "pptx"],
];

const openDocuments = ["odt", "ods", "odp"] as const;

function zipKind(bytes: Uint8Array, filename: string): DocumentKind {
  const archive = openZip(bytes);
  if (!archive) throw damaged(filename);
  const names = [...archive.entries.keys()];
  const kind = officeParts.find(([part]) => names.some((name) => part.test(name)))?.[1];
  if (kind) return kind;
  if (archive.entries.has("content.xml")) {
    const mediaType = readShortMember(archive, "mimetype").trim();
    const openDocument = openDocuments.find((each) => mediaType.startsWith(documentFormats[each].mediaType));
    if (openDocument) return openDocument;
  }
  if (archive.entries.has("META-INF/container.xml")) return "epub";
  const foreign = foreignZip(archive);
  if (foreign) throw refuse(filename, foreign);
  return "zip";
}

/** The stream that makes a compound file an Office document, by what it is then. */
const officeStreams: [stream: string, kind: DocumentKind][] = [
  ["PowerPoint Document", "ppt"],
  ["WordDocument", "doc"],
  ["Workbook", "xls"],
  ["Book", "xls"],
];

function compoundKind(bytes: Uint8Array, filename: string): DocumentKind {
  try {
    const file = new CompoundFile(bytes);
    const kind = officeStreams.find(([stream]) => file.has(stream))?.[1];
    if (kind) return kind;
    throw refuse(filename, foreignCompound(file.names));
  } catch (error) {
    if (error instanceof UnreadableDocument) throw damaged(filename);
    throw error;
  }
}

const mostPixels = 50_000_000;
const longestSide = 12_000;
const mostImageBytes = 10_000_000;

/** A picture that is no burden to whoever unpacks it. Throws `validation_failed` for others, by what their heads say. */
function checkedImage(kind: ImageKind, bytes: Uint8Array, filename: string): ImageKind {
  const size = imageSize(kind, bytes);
  if (!size) throw damaged(filename);
  const { width, height } = size;
  if (width > longestSide || height > longestSide || width * height > mostPixels) {
    throw new Problem(
      "validation_failed",
      `“${filename}” is ${width} × ${height} pixels. Make it smaller: at most ${longestSide} pixels on a side, and 50 million in all.`,
    );
  }
  if (bytes.length > mostImageBytes) {
    throw new Problem(
      "validation_failed",
      `“${filename}” is larger than 10 MB, the most that a picture may have. Make it smaller.`,
    );
  }
  return kind;
}

const startsWith = (bytes: Uint8Array, text: string) =>
  new TextDecoder("latin1").decode(bytes.subarray(0, text.length)) === text;

function startsWithPdf(bytes: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(bytes.subarray(0, 1_024)).includes("%PDF-");
}

/** Text in tags from its beginning to its end, of which `tail` is the last, or that says that it is XML. */
function isXml(text: string, tail: string): boolean {
  const head = text.slice(0, 4_096).replace(/<!--[\s\S]*?-->/g, "");
  if (/^\s*(?:<\?xml\b|<!doctype\b|<[a-z][^>]*\sxmlns)/i.test(head)) return true;
  const root = /^\s*<([a-z][\w:.-]*)\b[^>]*>/i.exec(head)?.[1];
  return root !== undefined && tail.trimEnd().endsWith(`</${root}>`);
}

/** By its name, or by its first value; so that a text which begins with a bracket stays one. */
function isJson(text: string, filename: string): boolean {
  const beginning = text.slice(0, 4_096).trimStart();
  if (/\.(?:json|jsonl|ndjson|geojson)$/i.test(filename)) return /^[[{"]/.test(beginning);
  if (/\.(?:csv|tsv|md|markdown)$/i.test(filename)) return false;
  return /^(?:\{\s*"(?:[^"\\]|\\.){0,200}"\s*:|\[\s*\{\s*"(?:[^"\\]|\\.){0,200}"\s*:)/.test(beginning);
}

function textKind(text: string, tail: string, filename: string): DocumentKind {
  const head = text.slice(0, 4_096).replace(/<!--[\s\S]*?-->/g, "");
  if (/^\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|body)\b/i.test(head)) return "html";
  if (/\.html?$/i.test(filename) && /<(?:p|div|h[1-6]|table|ul|ol|article|section|span|br)\b/i.test(text))
    return "html";
  const foreign = foreignText(text);
  if (foreign) throw refuse(filename, foreign);
  if (isXml(text, tail)) return "xml";
  if (isJson(text, filename)) return "json";
  if (/\.(?:csv|tsv)$/i.test(filename)) return "csv";
  return /\.(?:md|markdown)$/i.test(filename) ? "markdown" : "text";
}

function kindOf(bytes: Uint8Array, filename: string): DocumentKind {
  if (startsWithPdf(bytes)) return "pdf";
  if (bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] ?? 0) < 9 && (bytes[3] ?? 0) < 9)
    return zipKind(bytes, filename);
  const image = imageKind(bytes);
  if (image) return checkedImage(image, bytes, filename);
  if (isCompound(bytes)) return compoundKind(bytes, filename);
  if (startsWith(bytes, "{\\rtf")) return "rtf";
  // Parts of a message may be of any encoding, or of none.
  const mail = mailKind(new TextDecoder("latin1").decode(bytes.subarray(0, 16_384)), filename);
  if (mail) return mail;
  const foreign = foreignBinary(bytes);
  const text = decodeText(bytes.subarray(0, sampleBytes), bytes.length > sampleBytes);
  // A signature of two letters may as well begin a sentence.
  if (foreign && (text === null || !/^[\x20-\x7e]{2}/.test(text))) throw refuse(filename, foreign);
  if (text === null) throw refuse(filename, foreign ?? "a binary file");
  // Names of elements are ASCII, whatever the encoding; without the zeros of UTF-16.
  const tail = new TextDecoder("latin1").decode(bytes.subarray(-400)).replaceAll("\0", "");
  return textKind(text, tail, filename);
}

/** What a file is, by its bytes; the name only tells Markdown from plain text. Throws `unsupported_media_type` or `validation_failed`. */
export function detectType(bytes: Uint8Array, filename: string): DetectedType {
  if (bytes.length === 0) {
    throw new Problem("validation_failed", `“${filename}” is empty. Upload a file that has something in it.`);
  }
  const kind = kindOf(bytes, filename);
  return { kind, mediaType: documentFormats[kind].mediaType };
}
