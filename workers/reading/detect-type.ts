import { Problem } from "../platform/errors.ts";
import { decodeBeginning } from "../text/unicode.ts";
import { foldedName } from "./archive/zip-archive.ts";
import { compoundNames } from "./detect/compound-names.ts";
import { mailKind } from "./detect/detect-mail.ts";
import { FileSample } from "./detect/file-sample.ts";
import { foreignBinary, foreignCompound, foreignText, foreignZip, isEbcdic } from "./detect/foreign-types.ts";
import { jpegFrame } from "./detect/jpeg-frame.ts";
import { beginningOf } from "./detect/markup-beginning.ts";
import { zipNames } from "./detect/zip-names.ts";
import { type DocumentKind, documentFormats, readableFormats } from "./formats.ts";
import { type ImageKind, imageKind, imageSize } from "./image-size.ts";
import { isCompound } from "./office-97/compound-file.ts";
import { isJson } from "./text/json-reader.ts";

export interface DetectedType {
  kind: DocumentKind;
  mediaType: string;
}

/** The beginning of a file, by which binary formats are told, and that of a text. */
const [headBytes, textBytes, tailBytes] = [1_024, 48 * 1024, 400];

function refuse(filename: string, what: string): Problem {
  return new Problem(
    "unsupported_media_type",
    `“${filename}” looks like ${what}, which cannot be read yet. Upload ${readableFormats}.`,
  );
}

const damaged = (filename: string) =>
  new Problem("validation_failed", `“${filename}” is damaged or cut off. Save it anew and upload it again.`);

/** The part that makes an archive an Office document, by what it is then; where not all names were read, the folder of it does. */
const officeParts: { part: RegExp; folder: RegExp; kind: DocumentKind }[] = [
  { part: /^word\/document\d*\.xml$/, folder: /^word\//, kind: "docx" },
  { part: /^xl\/workbook\d*\.xml$/, folder: /^xl\//, kind: "xlsx" },
  { part: /^ppt\/presentation\.xml$/, folder: /^ppt\//, kind: "pptx" },
];
/** Members that every Office document has. */
const ofOffice = ["[content_types].xml", "_rels/.rels"];

const openDocuments = ["odt", "ods", "odp"] as const;

function zipKind(sample: FileSample, filename: string): DocumentKind {
  const zip = zipNames(sample);
  if (!zip) throw damaged(filename);
  const { isWhole, mediaType } = zip;
  const names = [...zip.names].map(foldedName);
  const isOffice = !isWhole && ofOffice.some((name) => names.includes(name));
  const office =
    officeParts.find(({ part }) => names.some((name) => part.test(name))) ??
    officeParts.find(({ folder }) => isOffice && names.some((name) => folder.test(name)));
  if (office) return office.kind;
  if (zip.names.has("content.xml") || !isWhole) {
    const openDocument = openDocuments.find((each) => mediaType.startsWith(documentFormats[each].mediaType));
    if (openDocument) return openDocument;
  }
  if (zip.names.has("META-INF/container.xml") || mediaType === documentFormats.epub.mediaType) return "epub";
  const foreign = foreignZip([...zip.names]);
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

function compoundKind(sample: FileSample, filename: string): DocumentKind {
  const names = compoundNames(sample);
  if (!names) throw damaged(filename);
  // Names of streams are the same in any case.
  const folded = new Set([...names].map((name) => name.toLowerCase()));
  const kind = officeStreams.find(([stream]) => folded.has(stream.toLowerCase()))?.[1];
  if (kind) return kind;
  throw refuse(filename, foreignCompound([...names]));
}

const mostPixels = 50_000_000;
const longestSide = 12_000;
const mostImageBytes = 10_000_000;

/** A picture that is no burden to whoever unpacks it. Throws `validation_failed` for others, by what their heads say. */
function checkedImage(kind: ImageKind, sample: FileSample, filename: string): ImageKind {
  const head = kind === "jpeg" ? jpegFrame(sample) : sample.read(0, headBytes);
  const size = head && imageSize(kind, head);
  if (!size) throw damaged(filename);
  const { width, height } = size;
  if (width > longestSide || height > longestSide || width * height > mostPixels) {
    throw new Problem(
      "validation_failed",
      `“${filename}” is ${width} × ${height} pixels. Make it smaller: at most ${longestSide} pixels on a side, and 50 million in all.`,
    );
  }
  if (sample.size > mostImageBytes) {
    throw new Problem(
      "validation_failed",
      `“${filename}” is larger than 10 MB, the most that a picture may have. Make it smaller.`,
    );
  }
  return kind;
}

const startsWith = (bytes: Uint8Array, text: string) =>
  new TextDecoder("latin1").decode(bytes.subarray(0, text.length)) === text;

const hasPdfMark = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes).includes("%PDF-");

/** Text in tags from its beginning to its end, of which `tail` is the last, or that says that it is XML. */
function isXml(beginning: string, tail: string): boolean {
  if (/^<(?:\?xml\b|!doctype\b|[a-z][^<>]*\sxmlns)/i.test(beginning)) return true;
  const root = /^<([a-z][\w:.-]*)/i.exec(beginning)?.[1];
  return root !== undefined && beginning.includes(">") && tail.trimEnd().endsWith(`</${root}>`);
}

/** By its name, or as its beginning is JSON and nothing else: notes may begin with a piece of it, or with a bracket. */
function isJsonFile(text: string, isPart: boolean, filename: string): boolean {
  const beginning = text.slice(0, 4_096).replace("\x1e", "").trimStart();
  if (/\.(?:json|json5|jsonc|jsonl|ndjson|geojson|ipynb|webmanifest)$/i.test(filename))
    return /^(?:[[{"]|\/[/*])/.test(beginning);
  if (/\.(?:csv|tsv|md|markdown)$/i.test(filename)) return false;
  return (
    /^(?:\{\s*"(?:[^"\\]|\\.){0,200}"\s*:|\[\s*\{\s*"(?:[^"\\]|\\.){0,200}"\s*:)/.test(beginning) &&
    isJson(text, isPart)
  );
}

function textKind(text: string, isPart: boolean, tail: string, filename: string): DocumentKind {
  const beginning = beginningOf(text);
  if (/^(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|body)\b/i.test(beginning)) return "html";
  if (
    /\.html?$/i.test(filename) &&
    /<(?:p|div|h[1-6]|table|ul|ol|dl|pre|article|section|main|form|fieldset|details|figure|span|br)\b/i.test(text)
  )
    return "html";
  const foreign = foreignText(beginning);
  if (foreign) throw refuse(filename, foreign);
  if (isXml(beginning, tail)) return "xml";
  if (isJsonFile(text, isPart, filename)) return "json";
  if (/\.(?:csv|tsv)$/i.test(filename)) return "csv";
  return /\.(?:md|markdown)$/i.test(filename) ? "markdown" : "text";
}

function kindOf(sample: FileSample, filename: string): DocumentKind {
  const head = sample.read(0, headBytes);
  if (hasPdfMark(head)) return "pdf";
  if (head[0] === 0x50 && head[1] === 0x4b && (head[2] ?? 0) < 9 && (head[3] ?? 0) < 9)
    return zipKind(sample, filename);
  const image = imageKind(head);
  if (image) return checkedImage(image, sample, filename);
  if (isCompound(head)) return compoundKind(sample, filename);
  if (startsWith(head, "{\\rtf")) return "rtf";
  const bytes = sample.read(0, textBytes);
  // Parts of a message may be of any encoding, or of none.
  const mail = mailKind(new TextDecoder("latin1").decode(bytes), filename);
  if (mail) return mail;
  const foreign = foreignBinary(head);
  if (isEbcdic(bytes)) throw refuse(filename, "text in EBCDIC, the encoding of mainframes; save it as UTF-8");
  const isPart = sample.size > bytes.length;
  const text = decodeBeginning(bytes, isPart);
  // A signature of two letters may as well begin a sentence.
  if (foreign && (text === null || !/^[\x20-\x7e]{2}/.test(text))) throw refuse(filename, foreign);
  if (text === null) throw refuse(filename, foreign ?? "a binary file");
  // Names of elements are ASCII, whatever the encoding; without the zeros of UTF-16.
  const tail = new TextDecoder("latin1").decode(sample.readEnd(tailBytes)).replaceAll("\0", "");
  return textKind(text, isPart, tail, filename);
}

/** What a file is, by its first bytes and its last, 64 KB at most; the name only tells Markdown from plain text. Throws `unsupported_media_type` or `validation_failed`. */
export function detectType(bytes: Uint8Array, filename: string): DetectedType {
  return detectSample(new FileSample(bytes), filename);
}

/** `detectType` of a file of which a sample is read. */
export function detectSample(sample: FileSample, filename: string): DetectedType {
  if (sample.size === 0) {
    throw new Problem("validation_failed", `“${filename}” is empty. Upload a file that has something in it.`);
  }
  const kind = kindOf(sample, filename);
  return { kind, mediaType: documentFormats[kind].mediaType };
}
