import { unzlibSync } from "fflate";

let maps: Map<string, Uint8Array> | null = null;

async function loadMaps(): Promise<Map<string, Uint8Array>> {
  const { packed, sizes } = await import("./predefined-cmaps.ts");
  const bytes = unzlibSync(Uint8Array.from(atob(packed), (character) => character.charCodeAt(0)));
  const loaded = new Map<string, Uint8Array>();
  let start = 0;
  for (const [name, size] of Object.entries(sizes)) {
    loaded.set(name, bytes.subarray(start, start + size));
    start += size;
  }
  return loaded;
}

/** What pdf.js has made of maps for the document that it reads at the moment. */
export const cmaps = new Map<string, unknown>();

/** Gives pdf.js the predefined character maps that a PDF names; everything else that pdf.js would fetch only serves drawing. */
export class CMapSource {
  async fetch({ kind, filename }: { kind: string; filename: string }): Promise<Uint8Array> {
    maps ??= kind === "cMapUrl" ? await loadMaps() : null;
    const map = maps?.get(filename.replace(/\.bcmap$/, ""));
    if (!map) throw new Error(`The reader has no ${filename}.`);
    return map.slice();
  }
}
