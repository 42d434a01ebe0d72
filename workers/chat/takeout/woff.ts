import { unzlibSync } from "fflate";

const directoryAt = 44;

/** The TrueType or OpenType font inside a WOFF file, each table unpacked once. Throws for what is not a WOFF file. */
export function unpackWoff(woff: Uint8Array): Uint8Array {
  const view = new DataView(woff.buffer, woff.byteOffset, woff.byteLength);
  if (view.getUint32(0) !== 0x774f4646) throw new Error("This is not a WOFF file.");
  const count = view.getUint16(12);
  const font = new Uint8Array(view.getUint32(16));
  const out = new DataView(font.buffer);
  const power = Math.floor(Math.log2(count));
  out.setUint32(0, view.getUint32(4));
  out.setUint16(4, count);
  out.setUint16(6, 2 ** power * 16);
  out.setUint16(8, power);
  out.setUint16(10, count * 16 - 2 ** power * 16);
  let at = 12 + count * 16;
  for (let i = 0; i < count; i++) {
    const entry = directoryAt + i * 20;
    const [offset, packed, size] = [4, 8, 12].map((field) => view.getUint32(entry + field)) as [number, number, number];
    const bytes = woff.subarray(offset, offset + packed);
    font.set(packed < size ? unzlibSync(bytes) : bytes, at);
    out.setUint32(12 + i * 16, view.getUint32(entry));
    out.setUint32(16 + i * 16, view.getUint32(entry + 16));
    out.setUint32(20 + i * 16, at);
    out.setUint32(24 + i * 16, size);
    at += (size + 3) & ~3;
  }
  return font;
}

/** The characters a font has, as ranges of code points in order; from its table for all of Unicode (`cmap`, format 12). */
export function coverageOf(font: Uint8Array): [first: number, last: number][] {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  const directory = Array.from({ length: view.getUint16(4) }, (_, i) => 12 + i * 16);
  const cmap = directory.find((entry) => view.getUint32(entry) === 0x636d6170);
  const start = cmap === undefined ? 0 : view.getUint32(cmap + 8);
  const subtables = Array.from(
    { length: view.getUint16(start + 2) },
    (_, i) => start + view.getUint32(start + 8 + i * 8),
  );
  const whole = subtables.find((at) => view.getUint16(at) === 12);
  if (whole === undefined) throw new Error("The font has no table for all of Unicode.");
  return Array.from({ length: view.getUint32(whole + 12) }, (_, i) => {
    const group = whole + 16 + i * 12;
    return [view.getUint32(group), view.getUint32(group + 4)];
  });
}
