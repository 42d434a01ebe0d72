import { type ImageKind, jpegSegments } from "./image-size.ts";
import { UnreadableDocument } from "./unreadable-document.ts";

/** What a PNG file needs to be shown as it is: pixels, palette, transparency, colours, movement. */
const pngChunks = new Set(
  "IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP bKGD hIST pHYs sPLT acTL fcTL fdAT".split(" "),
);
const webpChunks = new Set(["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"]);
const orientationTag = 0x0112;

const damaged = () =>
  new UnreadableDocument("damaged", "This picture is damaged or not complete. Save it anew and upload the new file.");

/** Parts of a picture: programs write some hundreds, and tens of thousands of pixels' chunks at most. */
const mostParts = 50_000;

const name = (bytes: Uint8Array, at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));

/** What is kept of a file, in memory that is taken once: a file may be of a million parts. */
class Kept {
  readonly #whole: Uint8Array<ArrayBuffer>;
  #parts = 0;
  length = 0;

  constructor(most: number) {
    this.#whole = new Uint8Array(most);
  }

  /** Throws `UnreadableDocument` where a file has more parts than any that was made to be looked at. */
  add(part: ArrayLike<number>): void {
    if (++this.#parts > mostParts) throw damaged();
    this.#whole.set(part, this.length);
    this.length += part.length;
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#whole.slice(0, this.length);
  }
}

function cleanPng(bytes: Uint8Array, view: DataView): Uint8Array<ArrayBuffer> {
  const kept = new Kept(bytes.length);
  kept.add(bytes.subarray(0, 8));
  for (let at = 8; at + 12 <= bytes.length; ) {
    const [type, end] = [name(bytes, at + 4), at + 12 + view.getUint32(at)];
    if (end > bytes.length) break;
    kept.add(pngChunks.has(type) ? bytes.subarray(at, end) : []);
    if (type === "IEND") return kept.bytes;
    at = end;
  }
  throw damaged();
}

/** How a camera was held, 1 to 8, from the first directory of its EXIF data; 1 where they do not say. */
function orientationOf(exif: Uint8Array): number {
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  if (exif.length < 14) return 1;
  const isLittle = view.getUint16(0) === 0x4949;
  const directory = view.getUint32(4, isLittle);
  if (directory + 2 > exif.length) return 1;
  const count = view.getUint16(directory, isLittle);
  for (let at = directory + 2; at + 12 <= exif.length && at < directory + 2 + 12 * count; at += 12) {
    if (view.getUint16(at, isLittle) !== orientationTag) continue;
    const value = view.getUint16(at + 8, isLittle);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** EXIF data that say how the camera was held, and nothing else. */
function orientationSegment(orientation: number): Uint8Array {
  const exif = [0x45, 0x78, 0x69, 0x66, 0, 0, 0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1];
  const data = [...exif, 0, orientation, 0, 0, 0, 0, 0, 0];
  return Uint8Array.from([0xff, 0xe1, 0, data.length + 2, ...data]);
}

/** Application data are dropped but for what tells the colours: JFIF, ICC profiles, Adobe's transformation. */
function isNeeded(marker: number, data: Uint8Array): boolean {
  if (marker === 0xfe) return false;
  if (marker < 0xe0 || marker > 0xef) return true;
  const starts = (text: string) => [...text].every((character, i) => data[i] === character.charCodeAt(0));
  return (marker === 0xe0 && starts("JFIF")) || (marker === 0xe2 && starts("ICC_PROFILE")) || marker === 0xee;
}

function cleanJpeg(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const kept = new Kept(bytes.length);
  let orientation = 1;
  let hasPixels = false;
  for (const { marker, start, end, pixelsEnd } of jpegSegments(bytes)) {
    const data = bytes.subarray(start + 4, end);
    if (marker === 0xe1 && name(data, 0) === "Exif") orientation = orientationOf(data.subarray(6));
    if (marker === 0xda) hasPixels = true;
    kept.add(isNeeded(marker, data) ? bytes.subarray(start, pixelsEnd) : []);
  }
  if (!hasPixels) throw damaged();
  // With the head, how it was held, and the end.
  const whole = new Kept(kept.length + 64);
  whole.add([0xff, 0xd8]);
  if (orientation !== 1) whole.add(orientationSegment(orientation));
  whole.add(kept.bytes);
  whole.add([0xff, 0xd9]);
  return whole.bytes;
}

function cleanWebp(bytes: Uint8Array, view: DataView): Uint8Array<ArrayBuffer> {
  const kept = new Kept(bytes.length + 1);
  kept.add(bytes.subarray(0, 12));
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at + 4, true);
    const end = at + 8 + length;
    if (end > bytes.length) throw damaged();
    const type = name(bytes, at);
    if (webpChunks.has(type)) {
      const part = bytes.subarray(at, end + (length & 1));
      // Its head says which chunks there are.
      kept.add(type === "VP8X" && part.length > 8 ? part.with(8, (part[8] ?? 0) & ~0x0c) : part);
    }
    at = end + (length & 1);
  }
  if (kept.length <= 12) throw damaged();
  const whole = kept.bytes;
  new DataView(whole.buffer).setUint32(4, whole.length - 8, true);
  return whole;
}

/**
 * A picture without what cameras and programs write beside the pixels: where and when it was taken, with what, by whom, thumbnails, comments,
 * and whatever follows its end. Only how the camera was held stays. Throws `UnreadableDocument` where the file is damaged.
 */
export function withoutMetadata(kind: ImageKind, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (kind === "png") return cleanPng(bytes, view);
  return kind === "jpeg" ? cleanJpeg(bytes) : cleanWebp(bytes, view);
}
