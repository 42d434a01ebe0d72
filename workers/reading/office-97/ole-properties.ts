import type { documentProperties } from "../document-properties.ts";
import type { CompoundFile } from "./compound-file.ts";

const [codePage, title, author, lastAuthor, created, saved] = [1, 2, 4, 8, 12, 13];
const encodings: Record<number, string> = {
  932: "shift_jis",
  936: "gb18030",
  949: "euc-kr",
  950: "big5",
  65001: "utf-8",
};

/** A value of a property set as text or date; null for other kinds. */
function valueAt(view: DataView, at: number, encoding: string): string | Date | null {
  const kind = view.getUint32(at, true);
  if (kind === 0x40) {
    const ticks = view.getBigUint64(at + 4, true);
    return ticks === 0n ? null : new Date(Number(ticks / 10_000n - 11_644_473_600_000n));
  }
  if (kind !== 0x1e && kind !== 0x1f) return null;
  const length = Math.min(view.getUint32(at + 4, true) * (kind === 0x1f ? 2 : 1), 1_000);
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at + 8, Math.min(length, view.byteLength - at - 8));
  return new TextDecoder(kind === 0x1f ? "utf-16le" : encoding).decode(bytes).split("\0")[0] ?? null;
}

/** What a file of the old Office programs says of itself ([MS-OLEPS]). Damaged properties are as good as none: the text is what counts. */
export function readOleProperties(file: CompoundFile): Parameters<typeof documentProperties>[0] {
  try {
    const stream = file.stream("\u0005SummaryInformation");
    if (!stream) return {};
    const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
    const section = view.getUint32(44, true);
    const places = new Map<number, number>();
    for (let i = 0; i < Math.min(view.getUint32(section + 4, true), 100); i++) {
      const at = section + 8 + 8 * i;
      places.set(view.getUint32(at, true), section + view.getUint32(at + 4, true));
    }
    const page = places.has(codePage) ? view.getUint16((places.get(codePage) ?? 0) + 4, true) : 1252;
    const encoding = encodings[page] ?? (page >= 1250 && page <= 1258 ? `windows-${page}` : "windows-1252");
    const of = (...ids: number[]) => {
      for (const id of ids) {
        const at = places.get(id);
        const value = at === undefined ? null : valueAt(view, at, encoding);
        if (value) return value;
      }
      return null;
    };
    const text = (...ids: number[]) => of(...ids)?.toString() ?? null;
    return { title: text(title), author: text(author, lastAuthor), date: of(created, saved) };
  } catch {
    // Offsets that lead nowhere.
    return {};
  }
}
