import { latin1 } from "./files.ts";

const big = (size: 2 | 4, number: number) =>
  Array.from({ length: size }, (_, i) => Math.floor(number / 2 ** (8 * (size - 1 - i))) & 255);
const text = (value: string) => [...latin1(value)];
const chunk = (type: string, ...data: number[]) => [...big(4, data.length), ...text(type), ...data, 0, 0, 0, 0];

/** What no picture may keep: where it was taken. */
export const secret = "GPS 52.5 N 13.4 E";

/** A picture as a program writes it, with metadata and something behind its end; its pixels are none. */
export function makePng({ width = 4, height = 3 } = {}): Uint8Array {
  return Uint8Array.from([
    ...text("\x89PNG\r\n\x1a\n"),
    ...chunk("IHDR", ...big(4, width), ...big(4, height), 8, 2, 0, 0, 0),
    ...chunk("tEXt", ...text(`Comment\0${secret}`)),
    ...chunk("eXIf", ...text(secret)),
    ...chunk("iTXt", ...text(`XML:com.adobe.xmp\0${secret}`)),
    ...chunk("IDAT", 1, 2, 3),
    ...chunk("IEND"),
    ...text(secret),
  ]);
}

const segment = (marker: number, ...data: number[]) => [0xff, marker, ...big(2, data.length + 2), ...data];
/** EXIF data in big-endian order: how the camera was held, and a text. */
const exif = (orientation: number) => [
  ...text("Exif\0\0MM\0*"),
  ...big(4, 8),
  ...[0, 2, ...big(2, 0x0100), 0, 3, 0, 0, 0, 1, 0, 4, 0, 0, ...big(2, 0x0112), 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0],
  ...text(secret),
];

/** A photo as a camera writes it: EXIF and XMP data, a comment, pixels with stuffed markers in two scans, and something behind its end. */
export function makeJpeg({ width = 4, height = 3, orientation = 6 } = {}): Uint8Array {
  return Uint8Array.from([
    ...[0xff, 0xd8, ...segment(0xe0, ...text("JFIF\0"), 1, 1, 0, 0, 1, 0, 1, 0, 0)],
    ...segment(0xe1, ...exif(orientation)),
    ...segment(0xe1, ...text(`http://ns.adobe.com/xap/1.0/\0${secret}`)),
    ...segment(0xe2, ...text(`ICC_PROFILE\0colours`)),
    ...segment(0xe2, ...text(`MPF\0${secret}`)),
    ...segment(0xed, ...text(`Photoshop 3.0\0${secret}`)),
    ...segment(0xfe, ...text(secret)),
    ...[0xff, ...segment(0xc2, 8, ...big(2, height), ...big(2, width), 1, 1, 0x11, 0)],
    ...[...segment(0xda, 1, 1, 0, 0, 63, 0), 1, 0xff, 0, 2, 0xff, 0xd0, 3],
    ...[...segment(0xda, 1, 1, 0, 0, 63, 0), 4, 5],
    ...[0xff, 0xd9, ...text(secret)],
  ]);
}

const riffChunk = (type: string, ...data: number[]) => [
  ...text(type),
  ...big(4, data.length).reverse(),
  ...data,
  ...(data.length % 2 ? [0] : []),
];

/** A WebP picture with EXIF and XMP data, which its head announces. */
export function makeWebp({ width = 4, height = 3 } = {}): Uint8Array {
  const three = (number: number) => big(4, number).reverse().slice(0, 3);
  const body = [
    ...riffChunk("VP8X", 0x1c, 0, 0, 0, ...three(width - 1), ...three(height - 1)),
    ...riffChunk("VP8L", 0x2f, 3, 0x80, 0, 0),
    ...riffChunk("EXIF", ...text(secret)),
    ...riffChunk("XMP ", ...text(secret)),
  ];
  return Uint8Array.from([...text("RIFF"), ...big(4, body.length + 4).reverse(), ...text("WEBP"), ...body]);
}
