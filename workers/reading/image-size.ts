/** Formats of pictures that vision models take. */
export type ImageKind = "png" | "jpeg" | "webp";

export const isImage = (kind: string): kind is ImageKind => kind === "png" || kind === "jpeg" || kind === "webp";

interface ImageSize {
  width: number;
  height: number;
}

/** Bytes as characters of the same numbers. */
const characters = (bytes: Uint8Array, from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));

/** Which picture it is by its first bytes; null where it is none of these. */
export function imageKind(bytes: Uint8Array): ImageKind | null {
  if (characters(bytes, 0, 8) === "\x89PNG\r\n\x1a\n") return "png";
  if (characters(bytes, 0, 3) === "\xff\xd8\xff") return "jpeg";
  return characters(bytes, 0, 4) === "RIFF" && characters(bytes, 8, 12) === "WEBP" ? "webp" : null;
}

/** A marker of a JPEG file with what belongs to it; the pixels behind one follow up to the next. */
export interface JpegSegment {
  marker: number;
  start: number;
  /** Where its own data end, and where the pixels behind it do. */
  end: number;
  pixelsEnd: number;
}

const [startOfScan, endOfImage] = [0xda, 0xd9];
const startsFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** The segments of a JPEG file in order, up to its end; it stops where the file is damaged. */
export function* jpegSegments(bytes: Uint8Array): Generator<JpegSegment> {
  for (let at = 2; at + 4 <= bytes.length; ) {
    // Any number of fill bytes may stand before a marker.
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++;
    if (bytes[at] !== 0xff) return;
    const marker = bytes[at + 1] ?? 0;
    if (marker === endOfImage) return;
    const end = at + 2 + (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
    if (end > bytes.length || end < at + 4) return;
    let pixelsEnd = end;
    if (marker === startOfScan) {
      // In pixels, a marker is stuffed, or one of those that let a reader find its place again.
      for (;;) {
        pixelsEnd = bytes.indexOf(0xff, pixelsEnd);
        if (pixelsEnd < 0) pixelsEnd = bytes.length;
        const next = bytes[pixelsEnd + 1] ?? endOfImage;
        if (pixelsEnd >= bytes.length || (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7))) break;
        pixelsEnd += next === 0xff ? 1 : 2;
      }
    }
    yield { marker, start: at, end, pixelsEnd };
    at = pixelsEnd;
  }
}

function jpegSize(bytes: Uint8Array, view: DataView): ImageSize | null {
  for (const { marker, start, end } of jpegSegments(bytes)) {
    if (startsFrame(marker) && end - start >= 9) {
      return { height: view.getUint16(start + 5), width: view.getUint16(start + 7) };
    }
  }
  return null;
}

function webpSize(bytes: Uint8Array, view: DataView): ImageSize | null {
  const chunk = characters(bytes, 12, 16);
  if (chunk === "VP8 ") return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  if (chunk === "VP8L") {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (chunk !== "VP8X") return null;
  const three = (at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
  return { width: three(24) + 1, height: three(27) + 1 };
}

/** The size that a picture's head gives, without unpacking anything; null where it gives none. */
export function imageSize(kind: ImageKind, bytes: Uint8Array): ImageSize | null {
  if (bytes.length < 30) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size =
    kind === "png"
      ? { width: view.getUint32(16), height: view.getUint32(20) }
      : kind === "jpeg"
        ? jpegSize(bytes, view)
        : webpSize(bytes, view);
  return size && size.width > 0 && size.height > 0 ? size : null;
}
