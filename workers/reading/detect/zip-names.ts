import { Inflate } from "fflate";
import { directoryAt, endLength, endSignature, placeInEntry, type ZipDirectory } from "../archive/zip-directory.ts";
import { type FileSample, viewOf } from "./file-sample.ts";

/** What is known of a ZIP file without reading its list of members to the end. */
export interface ZipNames {
  names: Set<string>;
  /** False where the list is longer than what may be read of it. */
  isWhole: boolean;
  /** The text of the member `mimetype`, by which some formats say what they are; empty where it is long or there is none. */
  mediaType: string;
}

const directorySignature = 0x02014b50;
/** The end of a file in which its list of members is looked for first, and what is read before it else. */
const [usualEnd, longEnd] = [1_024, 24 * 1024];
/** Longer ones name no media type. */
const maxMediaType = 200;

/** How many members there are, and where their list begins. */
function directoryOf(sample: FileSample): ZipDirectory | null {
  for (const length of [usualEnd, longEnd]) {
    const view = viewOf(sample.readEnd(length));
    const start = sample.size - view.byteLength;
    for (let at = view.byteLength - endLength; at >= 0; at--)
      if (view.getUint32(at, true) === endSignature)
        return directoryAt((from, size) => sample.read(from, size), start + at);
  }
  return null;
}

/** A short member's text, wherever its head says that it lies. */
function shortMember(sample: FileSample, headerAt: number, method: number, size: number): string {
  if (size > maxMediaType) return "";
  const header = sample.read(headerAt, 30);
  if (header.length < 30) return "";
  const view = viewOf(header);
  const bytes = sample.read(headerAt + 30 + view.getUint16(26, true) + view.getUint16(28, true), size);
  let text = "";
  try {
    const put = (piece: Uint8Array) => {
      if (text.length < maxMediaType) text += new TextDecoder("latin1").decode(piece.subarray(0, maxMediaType));
    };
    if (method === 0) put(bytes);
    else if (method === 8) new Inflate(put).push(bytes, true);
  } catch {
    // A damaged member says nothing; its reader will tell.
    return "";
  }
  return text.trim();
}

/** The names of a ZIP file's members, as far as they may be read. Null where the bytes are no ZIP file, or one that is cut off. */
export function zipNames(sample: FileSample): ZipNames | null {
  const directory = directoryOf(sample);
  if (!directory) return null;
  const names = new Set<string>();
  let mediaType = "";
  // Some bytes are left for the member with the media type.
  const bytes = sample.read(directory.start, sample.left - 2 * maxMediaType);
  const isCut = directory.start + bytes.length < sample.size;
  const view = viewOf(bytes);
  let at = 0;
  for (let i = 0; i < directory.count; i++) {
    const length = at + 46 > bytes.length ? 0 : view.getUint16(at + 28, true);
    if (at + 46 + length > bytes.length && isCut) return { names, isWhole: false, mediaType };
    if (at + 46 > bytes.length || view.getUint32(at, true) !== directorySignature) return null;
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + length));
    names.add(name);
    if (name === "mimetype") {
      const { headerOffset, compressedSize } = placeInEntry(view, at);
      mediaType = shortMember(sample, headerOffset, view.getUint16(at + 10, true), compressedSize);
    }
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return { names, isWhole: true, mediaType };
}
