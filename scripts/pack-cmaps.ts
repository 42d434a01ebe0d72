/**
 * Packs the predefined maps of Chinese, Japanese and Korean characters that PDFs name without holding them, for the reader, which has no network:
 * `npm run script -- pack-cmaps.ts <folder>`, once for each new edition, with the folder `cmaps` of pdfjs-dist, which has them as pdf.js
 * reads them.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zlibSync } from "fflate";

const target = new URL("../workers/reading/pdf/predefined-cmaps.ts", import.meta.url);
/** Maps from UTF-8 and UTF-32 are half of all bytes, and no PDF may name them. */
const unneeded = /UTF(?:8|32)/;

const folder = process.argv[2];
if (!folder) throw new Error("Name the folder that holds the maps: npm run script -- pack-cmaps.ts <folder>.");
const names = readdirSync(folder)
  .filter((file) => file.endsWith(".bcmap") && !unneeded.test(file))
  .sort();
const maps = names.map((name) => readFileSync(join(folder, name)));
const license = readFileSync(join(folder, "LICENSE"), "utf8").replace(/^%%Copyright: ?/gm, "// ");
const sizes = Object.fromEntries(names.map((name, i) => [name.replace(/\.bcmap$/, ""), maps[i]?.length]));
const packed = Buffer.from(zlibSync(Buffer.concat(maps), { level: 9 })).toString("base64");
writeFileSync(
  target,
  `// Made by scripts/pack-cmaps.ts of the character maps in pdfjs-dist; not to be changed by hand.
${license.trim()}

/** How many bytes each map has, in the order in which they stand. */
export const sizes: Record<string, number> = ${JSON.stringify(sizes)};

/** All maps behind each other, packed, in base64. */
export const packed =
  "${packed}";
`,
);
